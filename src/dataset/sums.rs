//! Nodes whose months are the sum of others: totals that no word gives away (docs/METHOD.md#the-door).

/// Months in which a total must have agreed with its parts.
const MONTHS: usize = 6;
/// Rounding: half a unit is no contradiction.
const ROUNDING: f64 = 0.5;
/// So much must agree that it cannot be chance: logs of the months' numbers, added up. Six months of 100 are 28.
const EVIDENCE: f64 = 20.0;
/// Parts whose shares in the sum move by no more than this are one series at several sizes: then any sum of them is another.
const MOVES: f64 = 1e-3;

/// The nodes that are the sum of all others, or of those next to them, with the nodes they are the sum of. `units` is node x
/// month. `is_total_word`: the name says everything, so that less evidence will do.
pub(super) fn totals(units: &[Vec<f64>], is_total_word: impl Fn(usize) -> bool) -> Vec<(usize, Vec<usize>)> {
    let mut left: Vec<usize> = (0..units.len()).collect();
    let sizes: Vec<f64> = units.iter().map(|row| row.iter().sum()).collect();
    let mut out = Vec::new();
    // A total of totals is found once these are out of the way.
    while let Some((at, parts)) =
        (0..left.len()).find_map(|at| Some((at, sum_of((units, &sizes), &left, at, &is_total_word)?)))
    {
        out.push((left.remove(at), parts));
    }
    out
}

/// The parts of the node at a position of the list; none where it is no sum.
fn sum_of(
    (units, sizes): (&[Vec<f64>], &[f64]),
    list: &[usize],
    at: usize,
    is_total_word: &impl Fn(usize) -> bool,
) -> Option<Vec<usize>> {
    let node = list[at];
    let own: &[f64] = &units[node];
    let evidence: f64 = own.iter().filter(|x| **x > 0.0).map(|x| x.ln_1p()).sum();
    if own.iter().filter(|x| **x > 0.0).count() < MONTHS || evidence < EVIDENCE {
        return None;
    }
    let goal = sizes[node];
    let slack = ROUNDING * own.len() as f64;
    // Sums of neighbours grow with each, so the one that fits is met in one walk.
    let walk = |others: &mut dyn Iterator<Item = usize>| {
        let (mut sum, mut parts) = (0.0, Vec::new());
        for other in others {
            sum += sizes[other];
            if sum > goal + slack {
                break;
            }
            parts.push(other);
            if sum >= goal - slack && is_sum(units, own, &parts) && (moves(units, own, &parts) || is_total_word(node)) {
                return Some(parts);
            }
        }
        None
    };
    walk(&mut list[..at].iter().rev().copied())
        .or_else(|| walk(&mut list[at + 1..].iter().copied()))
        .or_else(|| walk(&mut list.iter().copied().filter(|n| *n != node)))
}

fn is_sum(units: &[Vec<f64>], own: &[f64], parts: &[usize]) -> bool {
    let agrees = |t: usize| (parts.iter().map(|n| units[*n][t]).sum::<f64>() - own[t]).abs() <= ROUNDING;
    parts.len() > 1 && (0..own.len()).all(agrees)
}

/// Whether the parts are more than one series at several sizes.
fn moves(units: &[Vec<f64>], own: &[f64], parts: &[usize]) -> bool {
    parts.iter().any(|n| {
        let shares = units[*n].iter().zip(own).filter(|(_, all)| **all > 0.0).map(|(x, all)| x / all);
        let (low, high) = shares.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), s| (low.min(s), high.max(s)));
        high - low > MOVES
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(size: f64, phase: f64) -> Vec<f64> {
        (0..12).map(|t| (size * (1.0 + 0.2 * (f64::from(t) * 1.7 + phase).sin())).round()).collect()
    }

    fn added(a: &[f64], b: &[f64]) -> Vec<f64> {
        a.iter().zip(b).map(|(a, b)| a + b).collect()
    }

    #[test]
    fn a_sum_of_all_others_and_one_of_its_neighbours_are_found() {
        let (a, b, c) = (wave(100.0, 0.0), wave(50.0, 1.0), wave(70.0, 2.0));
        let all = added(&added(&a, &b), &c);
        let no = |_| false;
        assert_eq!(totals(&[a.clone(), b.clone(), c.clone(), all.clone()], no), [(3, vec![2, 1, 0])]);
        // The province stands behind its two cities, another city behind it, everything in front.
        let list = [all, a.clone(), b.clone(), added(&a, &b), c.clone()];
        let found: Vec<usize> = totals(&list, no).iter().map(|(node, _)| *node).collect();
        assert_eq!(found, [3, 0]);
        assert_eq!(totals(&[a, b, c], no), []);
    }

    #[test]
    fn what_could_be_chance_is_no_total() {
        let flat = |x: f64| vec![x; 12];
        let list = [flat(100.0), flat(50.0), flat(150.0)];
        assert_eq!(totals(&list, |_| false), []);
        assert_eq!(totals(&list, |n| n == 2).len(), 1);
        // Ones and zeros.
        let (a, b) = (vec![1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0], vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
        assert_eq!(totals(&[a.clone(), b.clone(), added(&a, &b)], |_| false), []);
    }
}
