//! Panics of libraries: caught, and not a word of them printed.
//!
//! Damaged files make readers panic here and there (indices and numbers from the file taken as they are). Nothing of what
//! they built is kept afterwards, so no broken state can be seen.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    /// Whether a panic of this thread is caught here.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// What `read` gives; none where it panics. Work that it hands to other threads has to be wrapped there once more.
pub(super) fn caught<T>(read: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !CAUGHT.get() {
                usual(panic);
            }
        }));
    });
    let before = CAUGHT.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    CAUGHT.set(before);
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_gives_nothing() {
        assert_eq!(caught(|| 1), Some(1));
        let empty: Vec<u8> = Vec::new();
        assert_eq!(caught(|| empty[std::hint::black_box(3)]), None);
        assert!(!CAUGHT.get());
    }
}
