//! How many threads there are.

use std::thread::available_parallelism;

/// What says how many threads are wanted; the second is its older name.
const ASKED: [&str; 2] = ["RAYON_NUM_THREADS", "RAYON_RS_NUM_CPUS"];

/// Makes the threads: as many as are asked for, but no more than there are cores, for more would only wait for each other
/// (and a mistyped number of them could not be made at all).
pub fn begin() {
    let cores = available_parallelism().map_or(1, usize::from);
    let asked = ASKED.iter().find_map(|name| std::env::var(name).ok()?.trim().parse().ok());
    let threads = count(asked, cores);
    if rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().is_err() {
        // The system gives no more threads: this one does the work.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
    }
}

/// 0 stands for as many as there are cores.
fn count(asked: Option<usize>, cores: usize) -> usize {
    asked.filter(|asked| *asked > 0).map_or(cores, |asked| asked.min(cores))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_no_more_threads_than_cores() {
        let cases = [(None, 4), (Some(0), 4), (Some(1), 1), (Some(4), 4), (Some(100_000), 4)];
        for (asked, threads) in cases {
            assert_eq!(count(asked, 4), threads, "{asked:?}");
        }
    }
}
