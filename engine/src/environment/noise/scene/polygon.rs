//! Outlines: their direction, what is inside, and the stretches of a row that they cover.

/// Outline and holes, as rings that do not repeat their first point: outlines run counter-clockwise, holes clockwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rings(Vec<Vec<[f64; 2]>>);

impl Rings {
    /// The rings of an outline with holes, turned as they must be. Rings of less than three points, or without area, are left out.
    pub(super) fn new(exterior: &[[f64; 2]], holes: &[Vec<[f64; 2]>]) -> Self {
        let mut rings = Vec::with_capacity(1 + holes.len());
        for (ring, sign) in [(exterior, 1.0)].into_iter().chain(holes.iter().map(|hole| (&hole[..], -1.0))) {
            let mut ring = ring.to_vec();
            ring.dedup();
            if ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            let area = twice_area(&ring);
            if ring.len() < 3 || area == 0.0 {
                continue;
            }
            if area * sign < 0.0 {
                ring.reverse();
            }
            rings.push(ring);
        }
        Self(rings)
    }

    /// Whether there is anything.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All sides, each from one corner to the next; the inside is on the left.
    pub(super) fn sides(&self) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
        self.0.iter().flat_map(|ring| (0..ring.len()).map(move |at| (ring[at], ring[(at + 1) % ring.len()])))
    }

    /// All corners.
    pub(super) fn corners(&self) -> impl Iterator<Item = [f64; 2]> + '_ {
        self.0.iter().flatten().copied()
    }

    /// Whether a point is inside.
    pub(super) fn contains(&self, [x, y]: [f64; 2]) -> bool {
        let mut inside = false;
        for ([ax, ay], [bx, by]) in self.sides() {
            if (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax) {
                inside = !inside;
            }
        }
        inside
    }

    /// Fills `crossings` with where a row at that height enters and leaves, in turn.
    pub(super) fn crossings(&self, y: f64, crossings: &mut Vec<f64>) {
        crossings.clear();
        for ([ax, ay], [bx, by]) in self.sides() {
            if (ay > y) != (by > y) {
                crossings.push(ax + (y - ay) / (by - ay) * (bx - ax));
            }
        }
        crossings.sort_by(f64::total_cmp);
    }
}

/// Twice the area of a ring; below 0 if it runs clockwise.
fn twice_area(ring: &[[f64; 2]]) -> f64 {
    let Some(&[ox, oy]) = ring.first() else { return 0.0 };
    let mut sum = 0.0;
    for at in 1..ring.len().saturating_sub(1) {
        let ([ax, ay], [bx, by]) = (ring[at], ring[at + 1]);
        sum += (ax - ox) * (by - oy) - (ay - oy) * (bx - ox);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [[f64; 2]; 5] = [[0.0, 0.0], [0.0, 10.0], [10.0, 10.0], [10.0, 0.0], [0.0, 0.0]];

    #[test]
    fn outlines_turn_left_and_holes_right() {
        let hole = vec![[4.0, 4.0], [6.0, 4.0], [6.0, 6.0], [4.0, 6.0]];
        let rings = Rings::new(&SQUARE, &[hole]);
        assert!(twice_area(&rings.0[0]) > 0.0 && twice_area(&rings.0[1]) < 0.0);
        assert_eq!(rings.sides().count(), 8);
        assert!(rings.contains([1.0, 5.0]) && !rings.contains([5.0, 5.0]) && !rings.contains([11.0, 5.0]));
        let mut crossings = Vec::new();
        rings.crossings(5.0, &mut crossings);
        assert_eq!(crossings, [0.0, 4.0, 6.0, 10.0]);
    }

    #[test]
    fn what_has_no_area_is_nothing() {
        assert!(Rings::new(&[[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], &[]).is_empty());
        assert!(Rings::new(&[[0.0, 0.0]], &[]).is_empty());
    }
}
