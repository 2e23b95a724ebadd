//! What rules at a passage while a lamp shows what it shows: sign and lamp together.

use super::network::{Passage, PassageKind, RightOfWay};
use crate::signals::Lamp;

/// What rules at a passage right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Go.
    Open,
    /// Go, giving way.
    Yield,
    /// Go in turns with those whose lane becomes one with one's own: who is there first goes first.
    Zipper,
    /// Clear the junction, giving way to those who move: the lamp behind one has turned red.
    Clear,
    /// Stop, then go, giving way.
    Stop,
    /// Everybody stops; who came first goes first.
    AllWayStop,
    /// Whoever comes from the right goes first.
    RightBeforeLeft,
    /// Stop if possible.
    Yellow,
    /// Stop.
    Red,
}

impl Rule {
    /// Whether one goes without looking.
    pub(super) fn has_priority(self) -> bool {
        self == Self::Open
    }

    pub(super) fn is_lit_against(self) -> bool {
        matches!(self, Self::Yellow | Self::Red)
    }

    /// What rules at a passage without a lamp, or with one that shows `lamp`.
    pub(super) fn of(passage: &Passage, lamp: Option<Lamp>) -> Self {
        let signs = match passage.rule {
            RightOfWay::Priority => Self::Open,
            RightOfWay::Yield => Self::Yield,
            RightOfWay::Zipper => Self::Zipper,
            RightOfWay::Stop => Self::Stop,
            RightOfWay::AllWayStop => Self::AllWayStop,
            RightOfWay::RightBeforeLeft => Self::RightBeforeLeft,
        };
        match (passage.kind, lamp) {
            (PassageKind::Exit, _) => Self::Open,
            (_, None | Some(Lamp::Off)) => signs,
            (_, Some(Lamp::OffYield)) => Self::Yield,
            // A green lamp says nothing of the lane beside, which has it too.
            (_, Some(Lamp::Green)) if passage.rule == RightOfWay::Zipper => Self::Zipper,
            (_, Some(Lamp::Green)) => Self::Open,
            (_, Some(Lamp::GreenYield)) => Self::Yield,
            (PassageKind::Inner, Some(Lamp::Yellow)) => Self::Yield,
            (PassageKind::Inner, Some(_)) => Self::Clear,
            (_, Some(Lamp::Yellow)) => Self::Yellow,
            (_, Some(Lamp::StopThenYield)) => Self::Stop,
            (_, Some(Lamp::Red | Lamp::RedYellow)) => Self::Red,
        }
    }
}
