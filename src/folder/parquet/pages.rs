//! The pages of a column as the library unpacks them, each looked at before its values are decoded: memory is reserved for
//! as many as it claims to hold.

use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};

/// Pages whose claims fit into them.
pub(super) struct Checked {
    pages: Box<dyn PageReader>,
}

impl Checked {
    pub fn new(pages: Box<dyn PageReader>) -> Checked {
        Checked { pages }
    }
}

/// The values of a dictionary lie one after the other, and take a byte at least.
fn fits(page: &Page) -> bool {
    match page {
        Page::DictionaryPage { buf, num_values, .. } => *num_values as usize <= buf.len(),
        // Many values in few bytes are usual here, and no memory is reserved for more than are asked for.
        Page::DataPage { .. } | Page::DataPageV2 { .. } => true,
    }
}

impl Iterator for Checked {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Result<Page>> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Checked {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        match self.pages.get_next_page()? {
            Some(page) if !fits(&page) => {
                Err(ParquetError::General("a dictionary claims more values than it holds".to_owned()))
            }
            page => Ok(page),
        }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::basic::Encoding;

    #[test]
    fn a_dictionary_holds_what_it_claims() {
        let page = |num_values| Page::DictionaryPage {
            buf: vec![0; 8].into(),
            num_values,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        assert!(fits(&page(8)));
        assert!(!fits(&page(9)) && !fits(&page(u32::MAX)));
    }
}
