//! Nitrogen dioxide from nitrogen oxides.
//!
//! Exhaust is mostly NO, which ozone turns into NO2 within minutes while daylight turns it back. Two methods for yearly means.
//! *Romberg*: Romberg, Bösinger, Lohmeyer, Ruhnke and Röth (1996), Gefahrstoffe – Reinhaltung der Luft 56, a curve through
//! measured means of total NOx, NO2 = A·NOx/(NOx + B) + C·NOx, with coefficients also by Bächlin et al. (2006): it knows neither the
//! primary NO2 of exhaust nor ozone, and holds for fleets like those measured. *Balance*: Düring, Bächlin, Ketzel, Baum,
//! Friedrich and Wurzler (2011), Meteorologische Zeitschrift 20(1), 67–73: primary NO2, ozone of the background, and the balance of
//! both reactions with the time that air stays in the street, which is the steady state that OSPM solves (Hertel and Berkowicz
//! 1989). All NOx is in µg/m³ as NO2. Limits: single hours are told by neither (the balance can be asked for them, but its
//! reaction rates are means of a year); ozone is not used up by more than the street's own plume; coefficients are from Germany.

/// The air that streets add to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NitrogenBackground {
    /// Nitrogen oxides in µg/m³ as NO2; at least `no2_ugpm3`.
    pub nox_ugpm3: f64,
    /// Nitrogen dioxide in µg/m³.
    pub no2_ugpm3: f64,
    /// Ozone in µg/m³.
    pub ozone_ugpm3: f64,
}

/// How NO2 comes from NOx.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NitrogenConversion {
    /// NO2 = `a` · NOx / (NOx + `b`) + `c` · NOx, of all NOx.
    Romberg {
        /// A in µg/m³; at least 0.
        a_ugpm3: f64,
        /// B in µg/m³; positive.
        b_ugpm3: f64,
        /// C, 0 to 1.
        c: f64,
    },
    /// The balance of NO, NO2 and ozone.
    Balance {
        /// Reaction of NO and ozone in 1/(ppb·s); positive.
        reaction_per_ppb_s: f64,
        /// Photolysis of NO2 in 1/s; at least 0.
        photolysis_per_s: f64,
        /// How long air stays in the street, in seconds; positive.
        residence_s: f64,
    },
}

/// What is wrong with a conversion or its background.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{quantity} is {value}; give {range}")]
pub struct NitrogenFault {
    /// The quantity.
    pub quantity: &'static str,
    /// Its value.
    pub value: f64,
    /// What it may be.
    pub range: &'static str,
}

fn fault(is_right: bool, quantity: &'static str, value: f64, range: &'static str) -> Option<NitrogenFault> {
    (!(is_right && value.is_finite())).then_some(NitrogenFault { quantity, value, range })
}

const NOT_NEGATIVE: &str = "a number of at least 0";
const POSITIVE: &str = "a number above 0";

impl NitrogenBackground {
    /// Everything that is wrong with it; nothing where it can be used.
    #[must_use]
    pub fn faults(&self) -> Vec<NitrogenFault> {
        let Self { nox_ugpm3, no2_ugpm3, ozone_ugpm3 } = *self;
        let checks = [
            fault(no2_ugpm3 >= 0.0, "background NO2", no2_ugpm3, NOT_NEGATIVE),
            fault(nox_ugpm3 >= no2_ugpm3, "background NOx", nox_ugpm3, "a number of at least the NO2 in it"),
            fault(ozone_ugpm3 >= 0.0, "background ozone", ozone_ugpm3, NOT_NEGATIVE),
        ];
        checks.into_iter().flatten().collect()
    }
}

/// µg/m³ of a ppb at 20 °C and 1,013 hPa (Directive 2008/50/EC, annex VI): molar mass over 24.055 l.
const NO2_UGPM3_PER_PPB: f64 = 46.0055 / 24.055;
const OZONE_UGPM3_PER_PPB: f64 = 47.9982 / 24.055;

impl NitrogenConversion {
    /// Everything that is wrong with it; nothing where it can be used.
    #[must_use]
    pub fn faults(&self) -> Vec<NitrogenFault> {
        let checks = match *self {
            Self::Romberg { a_ugpm3, b_ugpm3, c } => [
                fault(a_ugpm3 >= 0.0, "A of Romberg's curve", a_ugpm3, NOT_NEGATIVE),
                fault(b_ugpm3 > 0.0, "B of Romberg's curve", b_ugpm3, POSITIVE),
                fault((0.0..=1.0).contains(&c), "C of Romberg's curve", c, "0 to 1"),
            ],
            Self::Balance { reaction_per_ppb_s, photolysis_per_s, residence_s } => [
                fault(reaction_per_ppb_s > 0.0, "the reaction of NO and ozone", reaction_per_ppb_s, POSITIVE),
                fault(photolysis_per_s >= 0.0, "the photolysis of NO2", photolysis_per_s, NOT_NEGATIVE),
                fault(residence_s > 0.0, "the residence time", residence_s, POSITIVE),
            ],
        };
        checks.into_iter().flatten().collect()
    }

    /// NO2 in µg/m³ where streets add so much NOx (as NO2) and, within it, primary NO2, all yearly means in µg/m³. Conversion and
    /// background must be valid. Never more than all NOx.
    #[must_use]
    pub fn no2_ugpm3(&self, street_nox_ugpm3: f64, street_no2_ugpm3: f64, background: &NitrogenBackground) -> f64 {
        let nox_ugpm3 = background.nox_ugpm3 + street_nox_ugpm3;
        let no2_ugpm3 = match *self {
            Self::Romberg { a_ugpm3, b_ugpm3, c } => a_ugpm3 * nox_ugpm3 / (nox_ugpm3 + b_ugpm3) + c * nox_ugpm3,
            Self::Balance { reaction_per_ppb_s, photolysis_per_s, residence_s } => {
                let nox = nox_ugpm3 / NO2_UGPM3_PER_PPB;
                let mixed = (background.no2_ugpm3 + street_no2_ugpm3) / NO2_UGPM3_PER_PPB;
                let oxidant = mixed + background.ozone_ugpm3 / OZONE_UGPM3_PER_PPB;
                let b = nox + oxidant + (photolysis_per_s + 1.0 / residence_s) / reaction_per_ppb_s;
                let c = nox * oxidant + mixed / (reaction_per_ppb_s * residence_s);
                // The smaller root of N² − bN + c, by the form that does not cancel.
                let root = libm::sqrt((b * b - 4.0 * c).max(0.0));
                2.0 * c / (b + root) * NO2_UGPM3_PER_PPB
            }
        };
        no2_ugpm3.min(nox_ugpm3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AIR: NitrogenBackground = NitrogenBackground { nox_ugpm3: 50.0, no2_ugpm3: 28.0, ozone_ugpm3: 45.0 };
    const ROMBERG: NitrogenConversion = NitrogenConversion::Romberg { a_ugpm3: 103.0, b_ugpm3: 130.0, c: 0.005 };
    const BALANCE: NitrogenConversion =
        NitrogenConversion::Balance { reaction_per_ppb_s: 3.9e-4, photolysis_per_s: 4.5e-3, residence_s: 100.0 };

    /// By hand: 103 · 100 / 230 + 0.5.
    #[test]
    fn romberg_is_its_curve() {
        assert!((ROMBERG.no2_ugpm3(50.0, 5.0, &AIR) - (10_300.0 / 230.0 + 0.5)).abs() < 1e-12);
    }

    #[test]
    fn the_balance_balances() {
        let (street_nox, street_no2) = (80.0, 16.0);
        let no2 = BALANCE.no2_ugpm3(street_nox, street_no2, &AIR) / NO2_UGPM3_PER_PPB;
        let nox = (AIR.nox_ugpm3 + street_nox) / NO2_UGPM3_PER_PPB;
        let mixed = (AIR.no2_ugpm3 + street_no2) / NO2_UGPM3_PER_PPB;
        let ozone = mixed + AIR.ozone_ugpm3 / OZONE_UGPM3_PER_PPB - no2;
        let change = 3.9e-4 * (nox - no2) * ozone - 4.5e-3 * no2 + (mixed - no2) / 100.0;
        assert!(change.abs() < 1e-12, "{change}");
        assert!(ozone > 0.0 && no2 > mixed);
    }

    #[test]
    fn more_exhaust_or_more_primary_no2_or_more_ozone_is_more_no2() {
        for conversion in [ROMBERG, BALANCE] {
            let values: Vec<f64> =
                (0..50).map(|step| conversion.no2_ugpm3(f64::from(step) * 5.0, f64::from(step), &AIR)).collect();
            assert!(values.windows(2).all(|pair| pair[1] > pair[0]), "{values:?}");
            assert!(
                conversion.no2_ugpm3(1.0, 1.0, &NitrogenBackground { nox_ugpm3: 0.0, no2_ugpm3: 0.0, ..AIR }) <= 1.0
            );
        }
        let no2 = |primary, ozone_ugpm3| BALANCE.no2_ugpm3(60.0, primary, &NitrogenBackground { ozone_ugpm3, ..AIR });
        assert!(no2(20.0, 45.0) > no2(5.0, 45.0));
        assert!(no2(20.0, 60.0) > no2(20.0, 45.0));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(AIR.faults().is_empty() && ROMBERG.faults().is_empty() && BALANCE.faults().is_empty());
        let wrong = NitrogenBackground { nox_ugpm3: 10.0, no2_ugpm3: 20.0, ozone_ugpm3: f64::NAN };
        assert_eq!(wrong.faults().len(), 2);
        let wrong =
            NitrogenConversion::Balance { reaction_per_ppb_s: 0.0, photolysis_per_s: -1.0, residence_s: f64::INFINITY };
        assert_eq!(wrong.faults().len(), 3);
    }
}
