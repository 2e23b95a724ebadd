//! From connections to movements: what lies inside the junction, and who gives way to whom.
//!
//! A junction's `request` rows speak of its *links* by number: link *i* is the *i*-th connection, going through the lanes of
//! `incLanes` in their order and through each lane's connections in the order of the file (SUMO,
//! `MSRightOfWayJunction::postloadInit`). In nets with lanes inside junctions, entry *i* of `intLanes` is the last lane of link
//! *i*. In `response` and `foes` the last letter stands for link 0. `response` names the links that link *i* gives way to, `foes`
//! those that touch it.

use engine::traffic::network::rows::{LanePlace, MovementRow};

use super::error::SumoFault;
use super::net::{InnerKind, Junction, LaneRef, Net};
use super::signals::LampOfConnection;
use super::source::{At, Blame};

/// Movements, and what of them has no place in their rows.
pub(super) struct Movements<'a> {
    pub(super) rows: Vec<MovementRow>,
    /// The names of the lanes inside, for each movement.
    pub(super) inside_names: Vec<Vec<String>>,
    /// The lamp that each movement's connection names.
    pub(super) lamps: Vec<Option<LampOfConnection<'a>>>,
}

/// No movement: a connection from or to what is not a street.
const NONE: u32 = u32::MAX;

/// Makes a movement of every connection between streets.
pub(super) fn movements<'a>(net: &Net<'a>) -> Result<Movements<'a>, Blame> {
    let leaving = Leaving::new(net);
    let mut movements = Movements { rows: Vec::new(), inside_names: Vec::new(), lamps: Vec::new() };
    let mut movement_of = vec![NONE; net.connections.len()];
    for (index, connection) in net.connections.iter().enumerate() {
        let (LaneRef::Street(from), LaneRef::Street(to)) = (connection.from, connection.to) else { continue };
        let (mut inside, mut names) = (Vec::new(), Vec::new());
        let mut via = connection.via;
        while let Some(lane) = via {
            let inner = &net.inner_lanes[lane as usize];
            if inside.len() == 2 {
                let (what, name) = ("lane inside a junction", inner.name.to_string());
                let reason = "it is the third of a connection, which may have two; run netconvert on the net again";
                return Err(SumoFault::Bad { what, name, reason: reason.to_owned() }).at(connection.place);
            }
            inside.push(inner.row.clone());
            names.push(inner.name.to_string());
            let next = leaving.of(LaneRef::Inner(lane)).first();
            via = next.and_then(|next| net.connections[*next as usize].via);
        }
        movement_of[index] = movements.rows.len() as u32;
        let junction = net.streets[from.street as usize].to_junction;
        let is_rail = net.junctions[junction as usize].kind.starts_with("rail");
        movements.rows.push(MovementRow {
            from,
            to,
            direction: connection.direction,
            inside,
            rule: connection.rule,
            signal: None,
            keep_clear: connection.keep_clear,
            visibility_m: connection.visibility_m,
            gaps: None,
            yields_to: Vec::new(),
            touches: Vec::new(),
        });
        movements.inside_names.push(names);
        let lamp = connection.signal.as_ref();
        movements.lamps.push(lamp.map(|(signal, lamp)| LampOfConnection {
            place: connection.place,
            signal: signal.clone(),
            lamp: *lamp,
            is_rail,
        }));
    }
    for junction in &net.junctions {
        give_way(net, junction, &leaving, &movement_of, &mut movements.rows)?;
    }
    Ok(movements)
}

/// Connections by the lane that they leave.
struct Leaving {
    /// Number of the first lane of each street, and at last that of the first lane inside a junction.
    first_lanes: Vec<u32>,
    starts: Vec<u32>,
    connections: Vec<u32>,
}

impl Leaving {
    fn new(net: &Net<'_>) -> Self {
        let mut first_lanes = vec![0];
        for street in &net.streets {
            first_lanes.push(first_lanes[first_lanes.len() - 1] + street.lanes.len() as u32);
        }
        let lane_count = first_lanes[net.streets.len()] as usize + net.inner_lanes.len();
        let mut this = Self { first_lanes, starts: vec![0; lane_count + 1], connections: Vec::new() };
        for connection in &net.connections {
            let lane = this.number(connection.from);
            this.starts[lane + 1] += 1;
        }
        for lane in 0..lane_count {
            this.starts[lane + 1] += this.starts[lane];
        }
        // A stable sort keeps the order of the file among those of one lane.
        let mut connections: Vec<u32> = (0..net.connections.len() as u32).collect();
        connections.sort_by_key(|connection| this.number(net.connections[*connection as usize].from));
        this.connections = connections;
        this
    }

    fn number(&self, lane: LaneRef) -> usize {
        match lane {
            LaneRef::Street(LanePlace { street, lane }) => (self.first_lanes[street as usize] + lane) as usize,
            LaneRef::Inner(lane) => (self.first_lanes[self.first_lanes.len() - 1] + lane) as usize,
        }
    }

    /// The connections that leave a lane, in the order of the file.
    fn of(&self, lane: LaneRef) -> &[u32] {
        let lane = self.number(lane);
        &self.connections[self.starts[lane] as usize..self.starts[lane + 1] as usize]
    }
}

fn inner_kind(net: &Net<'_>, lane: LaneRef) -> Option<InnerKind> {
    match lane {
        LaneRef::Street(_) => None,
        LaneRef::Inner(lane) => Some(net.inner_lanes[lane as usize].kind),
    }
}

/// The links of a junction, by number: rows of connections.
fn links(net: &Net<'_>, junction: &Junction<'_>, leaving: &Leaving) -> Vec<u32> {
    let mut links = Vec::new();
    for &lane in &junction.incoming {
        let walks = inner_kind(net, lane) == Some(InnerKind::WalkingArea);
        // Whoever walks onto the kerb is no link; who crosses the street is.
        links.extend(leaving.of(lane).iter().filter(|connection| {
            match inner_kind(net, net.connections[**connection as usize].to) {
                Some(InnerKind::WalkingArea) => false,
                Some(InnerKind::Crossing) => true,
                _ => !walks,
            }
        }));
    }
    links
}

/// Junctions where nobody gives way to anybody.
fn has_no_rules(kind: &str) -> bool {
    matches!(
        kind,
        "unregulated" | "dead_end" | "DEAD_END" | "district" | "traffic_light_unregulated" | "unknown" | "NOJUNCTION"
    )
}

fn give_way(
    net: &Net<'_>,
    junction: &Junction<'_>,
    leaving: &Leaving,
    movement_of: &[u32],
    rows: &mut [MovementRow],
) -> Result<(), Blame> {
    if has_no_rules(&junction.kind) {
        return Ok(());
    }
    let links = links(net, junction, leaving);
    let bad = |reason| Err(SumoFault::Bad { what: "junction", name: junction.name.to_string(), reason });
    if links.len() > junction.requests.len() {
        let (links, requests) = (links.len(), junction.requests.len());
        let reason = format!("it has {links} links, but {requests} <request>; run netconvert on the net again");
        return bad(reason).at(junction.place);
    }
    let mut done = vec![false; junction.requests.len()];
    for request in &junction.requests {
        match done.get_mut(request.index as usize) {
            Some(done) if !*done => *done = true,
            _ => {
                let count = junction.requests.len();
                let reason = format!("request {} is there twice, or is none of its {count} links", request.index);
                return bad(reason).at(request.place);
            }
        }
        let Some(&connection) = links.get(request.index as usize) else { continue };
        let movement = movement_of[connection as usize];
        if movement == NONE {
            continue;
        }
        let movements_of = |bits: &str| {
            let set = bits.bytes().rev().enumerate().filter(|(_, bit)| *bit == b'1');
            let movements = set.filter_map(|(link, _)| links.get(link)).map(|link| movement_of[*link as usize]);
            movements.filter(|movement| *movement != NONE).collect::<Vec<u32>>()
        };
        let row = &mut rows[movement as usize];
        row.touches = movements_of(&request.foes);
        if !net.connections[connection as usize].pass {
            row.yields_to = movements_of(&request.response);
        }
    }
    Ok(())
}
