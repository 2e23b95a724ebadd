//! Works, what they cost every year, and what streets are paved with: plain data; prices and surfaces are looked up when a run begins.

use serde_spanned::Spanned;

use super::WrittenAt;
use super::editor::Editor;
use crate::scenario::file::{Paving, Works};
use crate::words::Text;

/// Works of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedWorks {
    /// What they are, for people.
    pub name: Text,
    /// What is done.
    pub items: Vec<PlannedItem>,
    /// Years with the share of the works done in each; shares sum to 1.
    pub years: Vec<(i32, f64)>,
    /// For how many years what is built lasts.
    pub life_years: f64,
    /// Maintenance, operation and revenue, in euro a year from the year after the works on.
    pub yearly_eur: [f64; 3],
}

/// A line of a bill of quantities.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedItem {
    /// Its code in the price list.
    pub code: String,
    /// How much of it.
    pub quantity: f64,
    /// In which unit.
    pub unit: String,
    /// What it is, where the price list does not say enough.
    pub description: Option<String>,
    /// Where it is written.
    pub written: WrittenAt,
}

/// What a link is paved with.
#[derive(Clone, Debug, PartialEq)]
pub struct PavedWith {
    /// The surface, as the noise parameters name it.
    pub surface: String,
    /// Where it is written.
    pub written: WrittenAt,
}

impl Editor<'_> {
    pub(super) fn works(&mut self, edit: &Spanned<Works>) {
        let works = edit.get_ref();
        let item = |item: &crate::scenario::file::WorksItem| PlannedItem {
            code: item.code.get_ref().clone(),
            quantity: *item.quantity.get_ref(),
            unit: item.unit.get_ref().clone(),
            description: item.description.clone(),
            written: self.place_of(item.code.span().start),
        };
        let items: Vec<PlannedItem> = works.items.get_ref().iter().map(item).collect();
        let years: Vec<(i32, f64)> =
            works.years.get_ref().iter().map(|of| (*of.year.get_ref(), *of.share.get_ref())).collect();
        let amount = |amount: &Option<Spanned<f64>>| amount.as_ref().map_or(0.0, |amount| *amount.get_ref());
        let yearly_eur =
            [amount(&works.maintenance_eur_pa), amount(&works.operation_eur_pa), amount(&works.revenue_eur_pa)];
        let told = years.iter().map(|(year, _)| year.to_string()).collect::<Vec<_>>().join(", ");
        let name = works.name.clone();
        self.describe(format!("Lavori: {} ({told})", name.it), format!("Works: {} ({told})", name.en));
        let life_years = *works.life_years.get_ref();
        self.applied.works.push(PlannedWorks { name, items, years, life_years, yearly_eur });
    }

    pub(super) fn pave(&mut self, edit: &Paving) {
        let (surface, written) = (edit.surface.get_ref().clone(), self.place_of(edit.surface.span().start));
        // Nobody drives otherwise for it: these links are not edited ones.
        let edited = self.applied.edited_links.len();
        let rows = self.select(&edit.on);
        self.applied.edited_links.truncate(edited);
        for &row in &rows {
            let key = self.applied.tables.links[row].key.clone();
            if self.claim(&edit.surface, &key, "surface", &surface) {
                let paved = PavedWith { surface: surface.clone(), written: written.clone() };
                self.applied.surfaces.insert(row, paved);
            }
        }
        let on = self.name_links(&rows);
        self.describe(format!("Pavimentazione {surface}: {}", on.it), format!("Paved with {surface}: {}", on.en));
    }
}
