//! Which lamps must not be green together, and how long after one the other may turn green.
//!
//! The intergreen of a pair lasts from the end of the green of the one to the beginning of the green of the other: the
//! yellow of the one and the time in which the junction clears, as the guidelines for signals tabulate it (the German
//! RiLSA 2015, section 2.5, calls the table *Zwischenzeitenmatrix*; the Manual on Uniform Traffic Control Devices speaks of
//! yellow change and red clearance intervals). Left out: working intergreens out from distances and speeds. Whoever knows
//! the junction gives them.

/// Two lamps whose ways touch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conflict {
    /// The two lamps, numbered from 0, different.
    pub lamps: [u32; 2],
    /// Seconds from the end of green of the first to the beginning of green of the second, and from the second to the
    /// first; neither shorter than the yellow of the lamp that ends.
    pub intergreen_s: [f64; 2],
    /// Whether they may be green together if one of them [gives way](super::Lamp::GreenYield).
    pub may_yield: bool,
}

/// What is known of a pair, as the one that ends its green sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cell {
    intergreen_s: f64,
    may_yield: bool,
}

/// Conflicts and intergreens of a signal's lamps.
#[derive(Clone, Debug, PartialEq)]
pub struct Intergreens {
    yellow_s: Vec<f64>,
    red_yellow_s: f64,
    /// Row by row: the lamp that ends its green; column by column: the one that begins.
    cells: Vec<Option<Cell>>,
}

/// Why numbers make no table of intergreens.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum IntergreenFault {
    /// A time is negative or no number.
    #[error("{what} of lamp {lamp} lasts {seconds} s, but must last 0 s or longer")]
    Length {
        /// Which time.
        what: &'static str,
        /// The lamp, from 0.
        lamp: u32,
        /// Its length.
        seconds: f64,
    },
    /// A conflict names a lamp that there is not, or one lamp twice.
    #[error("a conflict is between lamps {} and {}, but must be between two of the {count} lamps 0, 1, …", .lamps[0], .lamps[1])]
    Lamps {
        /// The lamps.
        lamps: [u32; 2],
        /// How many there are.
        count: usize,
    },
    /// The next green would begin before the yellow of the last has ended.
    #[error(
        "lamp {to} turns green {intergreen_s} s after the green of lamp {from}, whose yellow takes {yellow_s} s: take at least that"
    )]
    ShorterThanYellow {
        /// The lamp that ends its green.
        from: u32,
        /// The lamp that begins it.
        to: u32,
        /// The time between.
        intergreen_s: f64,
        /// The yellow of the lamp that ends.
        yellow_s: f64,
    },
}

impl Intergreens {
    /// The table of those conflicts. Lamp *i* shows yellow for `yellow_s[i]` seconds when its green ends; 0 for lamps that
    /// turn red at once. Every lamp shows red and yellow for the last `red_yellow_s` before it turns green; 0 where that is
    /// not done. Of several rows for a pair the longest times hold, and it may yield only if all say so.
    ///
    /// # Errors
    /// All faults at once.
    pub fn new(yellow_s: Vec<f64>, red_yellow_s: f64, conflicts: &[Conflict]) -> Result<Self, Vec<IntergreenFault>> {
        let mut faults = Vec::new();
        for (lamp, &seconds) in yellow_s.iter().enumerate() {
            if !is_length(seconds) {
                faults.push(IntergreenFault::Length { what: "the yellow", lamp: lamp as u32, seconds });
            }
        }
        if !is_length(red_yellow_s) {
            faults.push(IntergreenFault::Length { what: "the red and yellow", lamp: 0, seconds: red_yellow_s });
        }
        let count = yellow_s.len();
        let mut cells: Vec<Option<Cell>> = vec![None; count * count];
        for conflict in conflicts {
            let [first, second] = conflict.lamps;
            if first == second || first.max(second) as usize >= count {
                faults.push(IntergreenFault::Lamps { lamps: conflict.lamps, count });
                continue;
            }
            for (from, to, intergreen_s) in
                [(first, second, conflict.intergreen_s[0]), (second, first, conflict.intergreen_s[1])]
            {
                let yellow_s = yellow_s[from as usize];
                if !is_length(intergreen_s) {
                    faults.push(IntergreenFault::Length { what: "an intergreen", lamp: from, seconds: intergreen_s });
                } else if intergreen_s < yellow_s {
                    faults.push(IntergreenFault::ShorterThanYellow { from, to, intergreen_s, yellow_s });
                }
                let cell = &mut cells[from as usize * count + to as usize];
                let told = cell.unwrap_or(Cell { intergreen_s, may_yield: conflict.may_yield });
                *cell = Some(Cell {
                    intergreen_s: told.intergreen_s.max(intergreen_s),
                    may_yield: told.may_yield && conflict.may_yield,
                });
            }
        }
        if faults.is_empty() { Ok(Self { yellow_s, red_yellow_s, cells }) } else { Err(faults) }
    }

    /// The table in which every lamp shows `yellow_s` of yellow, and `all_red_s` later whoever is in conflict with it may turn
    /// green. `conflicts` are pairs of lamps, and whether they may be green together if one gives way.
    ///
    /// # Errors
    /// As [`Intergreens::new`].
    pub fn uniform(
        lamp_count: usize,
        yellow_s: f64,
        all_red_s: f64,
        conflicts: &[([u32; 2], bool)],
    ) -> Result<Self, Vec<IntergreenFault>> {
        let intergreen_s = [yellow_s + all_red_s; 2];
        let conflicts: Vec<Conflict> =
            conflicts.iter().map(|&(lamps, may_yield)| Conflict { lamps, intergreen_s, may_yield }).collect();
        Self::new(vec![yellow_s; lamp_count], 0.0, &conflicts)
    }

    /// How many lamps it is for.
    #[must_use]
    pub fn lamp_count(&self) -> usize {
        self.yellow_s.len()
    }

    /// How long a lamp, numbered from 0, shows yellow; 0 for one that there is not.
    #[must_use]
    pub fn yellow_s(&self, lamp: usize) -> f64 {
        self.yellow_s.get(lamp).copied().unwrap_or(0.0)
    }

    /// How long lamps show red and yellow before they turn green.
    #[must_use]
    pub fn red_yellow_s(&self) -> f64 {
        self.red_yellow_s
    }

    /// Seconds from the end of green of lamp `from` to the beginning of green of lamp `to`; `None` where they are not in
    /// conflict.
    #[must_use]
    pub fn between_s(&self, from: usize, to: usize) -> Option<f64> {
        self.cell(from, to).map(|cell| cell.intergreen_s)
    }

    /// Whether two lamps in conflict may be green together if one gives way; `None` where they are not in conflict.
    #[must_use]
    pub fn may_yield(&self, first: usize, second: usize) -> Option<bool> {
        self.cell(first, second).map(|cell| cell.may_yield)
    }

    /// The longest intergreen of all; 0 where nothing is in conflict.
    #[must_use]
    pub fn longest_s(&self) -> f64 {
        self.cells.iter().flatten().map(|cell| cell.intergreen_s).fold(0.0, f64::max)
    }

    fn cell(&self, from: usize, to: usize) -> Option<Cell> {
        let count = self.lamp_count();
        if to < count { self.cells.get(from * count + to).copied().flatten() } else { None }
    }
}

fn is_length(seconds: f64) -> bool {
    seconds.is_finite() && seconds >= 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_one_time_for_each_order() {
        let conflict = Conflict { lamps: [0, 2], intergreen_s: [4.0, 7.0], may_yield: false };
        let table = Intergreens::new(vec![3.0; 3], 0.0, &[conflict]).unwrap();
        assert_eq!(table.between_s(0, 2), Some(4.0));
        assert_eq!(table.between_s(2, 0), Some(7.0));
        assert_eq!(table.between_s(0, 1), None);
        assert_eq!(table.between_s(0, 9), None);
        assert_eq!(table.longest_s(), 7.0);
    }

    #[test]
    fn numbers_that_make_no_table_are_all_told() {
        let rows = [
            Conflict { lamps: [0, 5], intergreen_s: [4.0, 4.0], may_yield: false },
            Conflict { lamps: [0, 1], intergreen_s: [2.0, f64::NAN], may_yield: false },
        ];
        let faults = Intergreens::new(vec![3.0, -1.0], 0.0, &rows).unwrap_err();
        assert_eq!(faults.len(), 4, "{faults:?}");
        assert_eq!(faults[0], IntergreenFault::Length { what: "the yellow", lamp: 1, seconds: -1.0 });
        assert_eq!(faults[1], IntergreenFault::Lamps { lamps: [0, 5], count: 2 });
        let short = IntergreenFault::ShorterThanYellow { from: 0, to: 1, intergreen_s: 2.0, yellow_s: 3.0 };
        assert_eq!(faults[2], short);
    }
}
