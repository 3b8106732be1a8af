//! Commission schemes and control totals, as the article prints them.

use super::Table;
use crate::row;

/// A scheme: its name, its first month, the rate of each party and the party in whose place it gets it.
type Scheme = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

/// `commissions`: both schemes. The front-line department's 2% and a service station's 3% exclude each other.
pub fn commissions() -> Table {
    let schemes: [Scheme; 2] = [
        (
            "A",
            "2011-07",
            &[
                ("front_line", "10%", ""),
                ("customer_service", "4%", ""),
                ("value_added_business", "1.3%", ""),
                ("finance", "0.5%", ""),
                ("call_centre", "0.5%", ""),
            ],
        ),
        (
            "B",
            "2013-07",
            &[
                ("front_line", "10%", ""),
                ("front_line_department", "2%", ""),
                ("service_station", "3%", "front_line_department"),
                ("value_added_business", "1.1%", ""),
                ("finance", "0.4%", ""),
                ("call_centre", "0.3%", ""),
                ("enterprise_management", "0.1%", ""),
            ],
        ),
    ];
    let rows = schemes
        .into_iter()
        .flat_map(|(scheme, from, rates)| {
            rates.iter().map(move |(party, rate, instead_of)| row![scheme, from, party, rate, instead_of])
        })
        .collect();
    Table { name: "commissions", columns: &["scheme", "from", "party", "rate", "instead_of"], rows }
}

/// `totals`: every printed figure in yuan, with the growth printed beside it; the article's two figures for one year
/// stand as two rows.
pub fn totals() -> Table {
    let printed: [(&str, &str, &str, &str); 17] = [
        ("2012", "agency_fee", "1170000", ""),
        ("2013", "agency_fee", "2670000", "129.7%"),
        ("2014", "agency_fee", "3860000", "44.5%"),
        ("2013", "premiums", "6680000", ""),
        ("2014", "premiums", "9650000", ""),
        ("2012", "appliance_revenue", "8610000", ""),
        ("2013", "appliance_revenue", "18690000", "117.1%"),
        ("2014", "appliance_revenue", "28590000", "53.0%"),
        ("2012", "buyer_share", "9%", ""),
        ("2013", "buyer_share", "13%", ""),
        ("2014", "buyer_share", "19%", ""),
        ("2014", "registered_households", "345000", ""),
        ("2014", "new_households", "75000", ""),
        ("2014", "agency_fee", "3660000", ""),
        ("2014", "appliance_revenue", "28900000", ""),
        ("2014", "appliance_margin", "35%", ""),
        ("2014", "appliance_profit", "10045000", ""),
    ];
    let rows = printed.iter().map(|(p, m, v, g)| row![p, "", m, v, g]).collect();
    Table { name: "totals", columns: &["period", "region", "measure", "value", "growth"], rows }
}
