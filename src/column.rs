//! What the columns of `runs.csv` have in common, those of every run and a
//! protocol's own.
//!
//! Invariant: imports nothing of ours; counts and writes nothing.

/// Which way a number is better.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Better {
    /// The less, the better.
    Lower,
    /// The more, the better.
    Higher,
    /// Neither.
    #[default]
    Neither,
}

impl Better {
    /// In the manifest; nothing where neither is.
    pub fn text(self) -> Option<&'static str> {
        match self {
            Better::Lower => Some("lower"),
            Better::Higher => Some("higher"),
            Better::Neither => None,
        }
    }

    /// Is more of it better? `None` if neither is.
    pub fn more(self) -> Option<bool> {
        match self {
            Better::Lower => Some(false),
            Better::Higher => Some(true),
            Better::Neither => None,
        }
    }

    /// As the manifest says it.
    pub fn of_text(text: Option<&str>) -> Better {
        let all = [Better::Lower, Better::Higher];
        let found = all.into_iter().find(|better| better.text() == text);
        found.unwrap_or_default()
    }
}

/// A number that a protocol counts itself, in a run as a whole: a column of
/// `runs.csv`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OwnColumn {
    /// The column's name: letters a-z, digits and `_`, the unit first where there
    /// is one, as in `connections_refused`.
    pub name: &'static str,
    /// What is counted, in the plural.
    pub unit: &'static str,
    /// What is measured, in one line.
    pub about: &'static str,
    /// Which way it is better.
    pub better: Better,
}

impl OwnColumn {
    /// Can the column have its name?
    pub fn is_named_well(&self) -> bool {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let mut bytes = self.name.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_lowercase()) && bytes.all(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direction_is_read_as_it_is_written() {
        for better in [Better::Lower, Better::Higher, Better::Neither] {
            assert_eq!(Better::of_text(better.text()), better);
        }
        assert_eq!(Better::of_text(Some("sideways")), Better::Neither);
    }

    #[test]
    fn names_are_those_of_columns() {
        let is_fine = |name| {
            let (unit, about, better) = ("nodes", "", Better::Neither);
            let own = OwnColumn {
                name,
                unit,
                about,
                better,
            };
            own.is_named_well()
        };
        assert!(is_fine("hunts") && is_fine("rounds_to_2nd"));
        for bad in ["", "2nd", "Hunts", "a b", "a,b", "network.loss"] {
            assert!(!is_fine(bad), "{bad}");
        }
    }
}
