//! Arithmetic that is printed: an expression is evaluated from the very digits that are printed, and gets as many of
//! them as its printed result needs.

use std::ops::{Add, Div, Mul, Sub};

use serde::Serialize;

use crate::stats::digits::grouped;

/// What a number counts; decides its decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Units sold.
    Units,
    /// Customers who came.
    Customers,
    /// A share of a whole.
    Share,
    /// A rate of growth.
    Rate,
    /// Something to multiply by, or any other plain number.
    Factor,
    /// Months.
    Months,
    /// Days.
    Days,
}

/// Decimals of one explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digits {
    /// Of units and customers.
    pub units: usize,
    /// Of everything else.
    pub other: usize,
}

/// More digits than this a double does not have.
const MOST: usize = 14;

impl Digits {
    /// Enough that a share times `largest` units is right to the last printed digit.
    pub fn for_size(largest: f64) -> Digits {
        let places = if largest >= 1.0 { largest.log10().ceil() as usize } else { 0 };
        let units = if largest >= 100.0 { 2 } else { 4 };
        Digits { units, other: (places + units + 1).clamp(6, 12) }
    }

    /// Decimals of a unit.
    pub fn of(self, unit: Unit) -> usize {
        match unit {
            Unit::Units | Unit::Customers => self.units,
            _ => self.other,
        }
    }

    fn more(self, by: usize) -> Digits {
        Digits { units: (self.units + by).min(MOST), other: (self.other + by).min(MOST) }
    }

    /// A number as it is printed: thousands parted by commas, whole numbers without decimals.
    pub fn print(self, x: f64, unit: Unit) -> String {
        fixed(x, self.of(unit))
    }

    /// The same without zeros at the end.
    pub fn print_short(self, x: f64, unit: Unit) -> String {
        operand(x, self.of(unit))
    }
}

/// With that many decimals; none where the number is whole.
fn fixed(x: f64, decimals: usize) -> String {
    let whole = (x - x.round()).abs() < 1e-9 * x.abs().clamp(1.0, 1e3);
    if whole { grouped(x.round(), 0) } else { grouped(x, decimals) }
}

/// As an operand: the zeros at the end say nothing.
fn operand(x: f64, decimals: usize) -> String {
    let text = fixed(x, decimals);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// What is printed of an operand, read back.
fn printed(x: f64, decimals: usize) -> f64 {
    operand(x, decimals).replace(',', "").parse().unwrap_or(x)
}

/// An expression over numbers.
#[derive(Clone, Debug)]
pub enum Expr {
    /// A number.
    Number(f64, Unit),
    /// A sum.
    Sum(Box<Expr>, Box<Expr>),
    /// A difference.
    Difference(Box<Expr>, Box<Expr>),
    /// A product.
    Product(Box<Expr>, Box<Expr>),
    /// A quotient.
    Quotient(Box<Expr>, Box<Expr>),
    /// e to the power of it.
    Exp(Box<Expr>),
    /// The larger of it and 0.
    AtLeastZero(Box<Expr>),
}

/// A number of units.
pub fn units(x: f64) -> Expr {
    Expr::Number(x, Unit::Units)
}

/// A plain number.
pub fn number(x: f64) -> Expr {
    Expr::Number(x, Unit::Factor)
}

/// A sum of many numbers of units; 0 for none.
pub fn sum(list: impl IntoIterator<Item = f64>) -> Expr {
    list.into_iter().map(units).reduce(|a, b| a + b).unwrap_or_else(|| units(0.0))
}

impl Expr {
    /// e to the power of it.
    pub fn exp(self) -> Expr {
        Expr::Exp(Box::new(self))
    }

    /// The larger of it and 0: written out only where that changes something.
    pub fn at_least_zero(self) -> Expr {
        if self.value() < 0.0 { Expr::AtLeastZero(Box::new(self)) } else { self }
    }

    /// Its value with all digits.
    pub fn value(&self) -> f64 {
        self.evaluate(&|x, _| x)
    }

    fn evaluate(&self, read: &impl Fn(f64, Unit) -> f64) -> f64 {
        match self {
            Expr::Number(x, unit) => read(*x, *unit),
            Expr::Sum(a, b) => a.evaluate(read) + b.evaluate(read),
            Expr::Difference(a, b) => a.evaluate(read) - b.evaluate(read),
            Expr::Product(a, b) => a.evaluate(read) * b.evaluate(read),
            Expr::Quotient(a, b) => a.evaluate(read) / b.evaluate(read),
            Expr::Exp(a) => a.evaluate(read).exp(),
            Expr::AtLeastZero(a) => a.evaluate(read).max(0.0),
        }
    }

    /// How tightly it binds: sums 1, products 2, numbers 3.
    fn rank(&self) -> u8 {
        match self {
            Expr::Sum(..) | Expr::Difference(..) => 1,
            Expr::Product(..) | Expr::Quotient(..) => 2,
            Expr::Number(..) | Expr::Exp(_) | Expr::AtLeastZero(_) => 3,
        }
    }

    fn print(&self, digits: Digits) -> String {
        let at_least = |e: &Expr, rank: u8| {
            let text = e.print(digits);
            if e.rank() < rank { format!("({text})") } else { text }
        };
        match self {
            Expr::Number(x, unit) => operand(*x, digits.of(*unit)),
            Expr::Sum(a, b) => match b.as_ref() {
                Expr::Number(x, unit) if *x < 0.0 => format!("{} - {}", a.print(digits), operand(-x, digits.of(*unit))),
                _ => format!("{} + {}", a.print(digits), at_least(b, 1)),
            },
            Expr::Difference(a, b) => match b.as_ref() {
                Expr::Number(x, unit) if *x < 0.0 => format!("{} + {}", a.print(digits), operand(-x, digits.of(*unit))),
                _ => format!("{} - {}", a.print(digits), at_least(b, 2)),
            },
            Expr::Product(a, b) => format!("{} x {}", at_least(a, 2), at_least(b, 3)),
            Expr::Quotient(a, b) => format!("{} / {}", at_least(a, 2), at_least(b, 3)),
            Expr::Exp(a) => format!("exp({})", a.print(digits)),
            Expr::AtLeastZero(a) => format!("max(0, {})", a.print(digits)),
        }
    }

    /// `expression = result`, with as many digits as make the printed numbers come out at the printed result.
    pub fn equation(&self, result: f64, unit: Unit, digits: Digits) -> String {
        let decimals = digits.of(unit);
        let slack = 0.4 * 10f64.powi(-(decimals as i32));
        let good = |by: &usize| {
            let with = digits.more(*by);
            (self.evaluate(&|x, u| printed(x, with.of(u))) - result).abs() <= slack
        };
        let by = (0..=MOST).find(good).unwrap_or(MOST);
        format!("{} = {}", self.print(digits.more(by)), digits.print(result, unit))
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $variant:ident) => {
        impl $trait for Expr {
            type Output = Expr;
            fn $method(self, other: Expr) -> Expr {
                Expr::$variant(Box::new(self), Box::new(other))
            }
        }
    };
}

operator!(Add, add, Sum);
operator!(Sub, sub, Difference);
operator!(Mul, mul, Product);
operator!(Div, div, Quotient);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_grow_until_the_printed_numbers_multiply_out() {
        let digits = Digits { units: 2, other: 2 };
        let e = units(1240.0) * number(1.084);
        assert_eq!(e.equation(1344.16, Unit::Units, digits), "1,240 x 1.084 = 1,344.16");
        let thirds = units(1000.0) * (number(1.0) / number(3.0));
        assert_eq!(thirds.equation(1000.0 / 3.0, Unit::Units, digits), "1,000 x (1 / 3) = 333.33");
        let growth = units(1000.0) * (number(1.0) + number(-1.0 / 3.0));
        assert_eq!(growth.equation(2000.0 / 3.0, Unit::Units, digits), "1,000 x (1 - 0.33333) = 666.67");
    }

    #[test]
    fn brackets_only_where_they_are_needed() {
        let digits = Digits::for_size(100.0);
        let e = (units(1.0) - (units(2.0) + units(3.0))) / (number(4.0) * number(5.0));
        assert_eq!(e.equation(-0.2, Unit::Factor, digits), "(1 - (2 + 3)) / (4 x 5) = -0.200000");
        let e = (number(1.0) - (number(-1.0) / number(3.0)).exp()).at_least_zero();
        assert_eq!(e.equation(e.value(), Unit::Factor, digits), "1 - exp(-1 / 3) = 0.283469");
        assert_eq!((units(1.0) - units(2.0)).at_least_zero().equation(0.0, Unit::Units, digits), "max(0, 1 - 2) = 0");
    }

    #[test]
    fn numbers_as_they_are_printed() {
        let digits = Digits { units: 2, other: 4 };
        assert_eq!(digits.print(1234567.891, Unit::Units), "1,234,567.89");
        assert_eq!(digits.print(-0.0001, Unit::Units), "0.00");
        assert_eq!(digits.print(-1234.0, Unit::Units), "-1,234");
        assert_eq!(digits.print(0.25, Unit::Share), "0.2500");
    }
}
