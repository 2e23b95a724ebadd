//! Where people live close together: blocks of 100 m with at least five house numbers, and what lies between them.

use std::collections::BTreeSet;

use engine::city::CityTables;

/// Side of a block, in metres.
pub(super) const BLOCK_M: f64 = 100.0;
/// House numbers from which on a block is built up.
const HOUSES_MIN: usize = 5;

/// Blocks, by their column and row from the origin of the reference system on.
pub(super) fn urban_blocks(tables: &CityTables) -> BTreeSet<(i64, i64)> {
    let mut houses: std::collections::BTreeMap<(i64, i64), usize> = std::collections::BTreeMap::new();
    for row in &tables.addresses {
        let at = row.facts.position;
        #[expect(clippy::cast_possible_truncation, reason = "metres of a projected system are far below i64")]
        let block = ((at.x / BLOCK_M).floor() as i64, (at.y / BLOCK_M).floor() as i64);
        *houses.entry(block).or_default() += 1;
    }
    let built: BTreeSet<(i64, i64)> =
        houses.into_iter().filter(|(_, houses)| *houses >= HOUSES_MIN).map(|(block, _)| block).collect();
    // Grown by a block and shrunk again: streets and yards between houses belong to them, fields around do not.
    let around =
        |(column, row): (i64, i64)| (-1..=1).flat_map(move |dx| (-1..=1).map(move |dy| (column + dx, row + dy)));
    let grown: BTreeSet<(i64, i64)> = built.iter().flat_map(|&block| around(block)).collect();
    grown.iter().copied().filter(|&block| around(block).all(|near| grown.contains(&near))).collect()
}
