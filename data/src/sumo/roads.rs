//! Which street follows on which, and for whom.

use engine::traffic::network::Permissions;
use engine::traffic::network::rows::NetworkRows;

/// The streets of a network and the ways between them, without lanes.
#[derive(Clone, Debug)]
pub(super) struct Roads {
    /// Number of the first lane of each street, and at last how many lanes there are: lanes of streets come first, street
    /// by street, from the right.
    first_lanes: Vec<u32>,
    /// Who may use some lane of each street.
    open: Vec<Permissions>,
    /// Where the ways from each street begin in `ways`.
    starts: Vec<u32>,
    /// The street that a way leads to, and who may take it.
    ways: Vec<(u32, Permissions)>,
}

impl Roads {
    /// Movements must name lanes that there are.
    pub(super) fn new(rows: &NetworkRows) -> Self {
        let mut first_lanes = vec![0];
        let mut open = Vec::with_capacity(rows.streets.len());
        for street in &rows.streets {
            first_lanes.push(first_lanes[first_lanes.len() - 1] + street.lanes.len() as u32);
            open.push(Permissions(street.lanes.iter().fold(0, |any, lane| any | lane.permissions.0)));
        }
        let lane = |place: engine::traffic::network::rows::LanePlace| {
            rows.streets[place.street as usize].lanes[place.lane as usize].permissions.0
        };
        let mut ways: Vec<(u32, u32, u64)> = Vec::with_capacity(rows.movements.len());
        for movement in &rows.movements {
            let inside = movement.inside.iter().fold(u64::MAX, |all, lane| all & lane.permissions.0);
            ways.push((movement.from.street, movement.to.street, lane(movement.from) & inside & lane(movement.to)));
        }
        ways.sort_unstable();
        ways.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            if same {
                kept.2 |= next.2;
            }
            same
        });
        let mut starts = vec![0; rows.streets.len() + 1];
        for (from, ..) in &ways {
            starts[*from as usize + 1] += 1;
        }
        for street in 0..rows.streets.len() {
            starts[street + 1] += starts[street];
        }
        let ways = ways.into_iter().map(|(_, to, who)| (to, Permissions(who))).collect();
        Self { first_lanes, open, starts, ways }
    }

    /// The number of a lane in the network that is built.
    pub(super) fn lane(&self, street: u32, lane: u32) -> u32 {
        self.first_lanes[street as usize] + lane
    }

    /// Whether some lane of a street is open to a permission; without one, all are.
    fn is_open(&self, street: u32, permission: Option<u8>) -> bool {
        permission.is_none_or(|permission| self.open[street as usize].allow(permission))
    }

    /// Whether one street leads to another, for a permission.
    fn leads(&self, from: u32, to: u32, permission: Option<u8>) -> bool {
        let ways = &self.ways[self.starts[from as usize] as usize..self.starts[from as usize + 1] as usize];
        let way = ways.iter().find(|(street, _)| *street == to);
        way.is_some_and(|(_, who)| permission.is_none_or(|permission| who.allow(permission)))
    }

    /// Why a route is closed to a permission, in words; none where it is open.
    pub(super) fn closed(&self, rows: &NetworkRows, streets: &[u32], permission: Option<u8>) -> Option<String> {
        let name = |street: u32| &rows.streets[street as usize].name;
        if let Some(&first) = streets.first().filter(|street| !self.is_open(**street, permission)) {
            return Some(format!("its route begins on '{}', where no lane is open to its type", name(first)));
        }
        let gap = streets.windows(2).find(|pair| !self.leads(pair[0], pair[1], permission))?;
        let (from, to) = (name(gap[0]), name(gap[1]));
        Some(if self.leads(gap[0], gap[1], None) {
            format!("its route leads from '{from}' to '{to}', where no lane is open to its type")
        } else {
            format!("its route leads from '{from}' to '{to}', but no connection does")
        })
    }
}
