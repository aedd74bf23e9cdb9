//! What is wrong with a scenario, and the picture of the place.

use super::words;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;

/// A scenario that cannot be used: a text of several lines for people, with
/// file, line and column, the line itself, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    message: String,
    position: Option<(usize, usize)>,
    text: String,
}

impl Error {
    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Line and column in the file or on the command line, in characters from
    /// 1; `None` where there is no text to point at.
    pub fn position(&self) -> Option<(usize, usize)> {
        self.position
    }

    /// An error about a file as a whole.
    pub(super) fn about(message: String, help: Option<String>) -> Error {
        let mut elements = Vec::new();
        elements.extend(help.map(|help| Level::HELP.message(help).into()));
        Error {
            text: render(&message, elements),
            message,
            position: None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}

/// What is wrong, at a place in one of the [`Texts`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    pub span: Range<usize>,
    pub message: String,
    pub help: Option<String>,
    /// In which cell of the grid.
    pub note: Option<String>,
    /// Where the same stands first.
    pub first: Option<Range<usize>>,
    /// Each setting is fine, but they do not fit together: a cell that cannot be.
    pub is_misfit: bool,
}

impl Problem {
    pub fn at(span: Range<usize>, message: impl Into<String>) -> Problem {
        Problem {
            span,
            message: message.into(),
            help: None,
            note: None,
            first: None,
            is_misfit: false,
        }
    }

    /// Of settings that do not fit together.
    pub fn misfit(mut self) -> Problem {
        self.is_misfit = true;
        self
    }

    /// What to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }
}

/// The scenario file and the options that change it, laid end to end, so that
/// one number says in which text and where in it something was written.
///
/// The texts live as long as the program: what is read from them borrows from
/// them, and a program reads a handful of scenarios of at most 1 MiB.
pub struct Texts(Vec<Text>);

struct Text {
    name: String,
    content: &'static str,
    start: usize,
}

impl Texts {
    /// Begins with the file, at 0.
    pub fn new(file_name: &str, content: &str) -> Texts {
        let mut texts = Texts(Vec::new());
        texts.add(file_name, content);
        texts
    }

    /// Adds an option as typed; gives its text and where that starts.
    pub fn add(&mut self, name: &str, content: &str) -> (&'static str, usize) {
        // One place lies between two texts: the end of the first is its own.
        let end = |text: &Text| text.start + text.content.len() + 1;
        let start = self.0.last().map_or(0, end);
        let content: &'static str = Box::leak(content.to_string().into_boxed_str());
        self.0.push(Text {
            name: words::visible(name),
            content,
            start,
        });
        (content, start)
    }

    /// The file's text.
    pub fn file(&self) -> &'static str {
        self.0[0].content
    }

    /// The pictures of several problems (one, at least): of the first, then of others in
    /// the order of their places; not of all.
    pub fn errors(&self, problems: &[Problem]) -> Error {
        const SHOWN_MAX: usize = 5;
        let mut shown: Vec<&Problem> = problems.iter().collect();
        if let Some(others) = shown.get_mut(1..) {
            others.sort_by_key(|problem| problem.span.start);
        }
        let more = shown.len().saturating_sub(SHOWN_MAX);
        shown.truncate(SHOWN_MAX);
        let mut errors = shown.into_iter().map(|problem| self.error(problem));
        let Some(mut error) = errors.next() else {
            return Error::about("not a scenario".to_string(), None);
        };
        for other in errors {
            error.text.push_str(&format!("\n\n{}", other.text));
        }
        if more > 0 {
            error.text.push_str(&format!("\n\nand {more} more"));
        }
        error
    }

    /// "the first is at FILE:LINE:COL".
    fn first(&self, span: &Range<usize>) -> String {
        let after = |text: &&Text| text.start <= span.start;
        let text = self.0.iter().rev().find(after).unwrap_or(&self.0[0]);
        let place = Place::find(text, span);
        format!(
            "the first is at {}:{}:{}",
            text.name, place.line, place.column
        )
    }

    /// Draws the picture of a problem.
    pub fn error(&self, problem: &Problem) -> Error {
        let after = |text: &&Text| text.start <= problem.span.start;
        let text = self.0.iter().rev().find(after).unwrap_or(&self.0[0]);
        let place = Place::find(text, &problem.span);
        let snippet = Snippet::source(place.shown)
            .path(text.name.as_str())
            .line_start(place.line)
            .annotation(AnnotationKind::Primary.span(place.marked));
        let mut elements: Vec<Element<'_>> = vec![snippet.into()];
        elements.extend(problem.help.iter().map(|t| Level::HELP.message(t).into()));
        let first = problem.first.as_ref().map(|span| self.first(span));
        elements.extend(first.map(|text| Level::NOTE.message(text).into()));
        elements.extend(problem.note.iter().map(|t| Level::NOTE.message(t).into()));
        Error {
            message: problem.message.clone(),
            position: Some((place.line, place.column)),
            text: render(&problem.message, elements),
        }
    }
}

/// A place in a text: its line, made safe to show.
struct Place {
    line: usize,
    column: usize,
    shown: String,
    marked: Range<usize>,
}

impl Place {
    fn find(text: &Text, span: &Range<usize>) -> Place {
        const MARKED_MAX: usize = 60;
        let content = text.content;
        let start = boundary(content, span.start - text.start);
        let end = boundary(content, span.end.saturating_sub(text.start)).max(start);
        let line_start = content[..start].rfind('\n').map_or(0, |at| at + 1);
        let line = content[line_start..].lines().next().unwrap_or_default();
        let (line, line_start) = match line.strip_prefix('\u{feff}') {
            Some(rest) => (rest, line_start + '\u{feff}'.len_utf8()),
            None => (line, line_start),
        };
        let (start, end) = (
            start.saturating_sub(line_start),
            end.saturating_sub(line_start),
        );
        // Character by character, so that columns stay what they are.
        let mut shown = String::with_capacity(line.len());
        let mut marked: Option<Range<usize>> = None;
        let mut marked_chars = 0;
        for (at, c) in line.char_indices() {
            let is_marked = (at >= start && at < end || at == start) && marked_chars < MARKED_MAX;
            let from = shown.len();
            shown.push(stand_in(c));
            if is_marked {
                marked = Some(marked.map_or(from, |m| m.start)..shown.len());
                marked_chars += 1;
            }
        }
        let marked = marked.unwrap_or(shown.len()..shown.len());
        Place {
            line: content[..line_start].matches('\n').count() + 1,
            column: shown[..marked.start].chars().count() + 1,
            shown,
            marked,
        }
    }
}

/// What is shown for a character, one for one.
fn stand_in(c: char) -> char {
    match c {
        '\t' => '\t',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        c if words::is_unsafe(c) => '\u{fffd}',
        c => c,
    }
}

/// The nearest start of a character at or before `at`.
fn boundary(content: &str, at: usize) -> usize {
    (0..=at.min(content.len()))
        .rev()
        .find(|&at| content.is_char_boundary(at))
        .unwrap_or(0)
}

fn render(message: &str, elements: Vec<Element<'_>>) -> String {
    // A fixed width: the same scenario gives the same text everywhere.
    const WIDTH: usize = 100;
    let group = Group::with_title(Level::ERROR.primary_title(message)).elements(elements);
    Renderer::plain().term_width(WIDTH).render(&[group])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_shows_the_place_and_what_to_do() {
        let texts = Texts::new("a/b.toml", "\u{feff}name = 1\n[x]\r\nlos = 0.1\r\n");
        let problem = Problem::at(17..20, "unknown key `x.los`").help("did you mean `x.loss`?");
        let error = texts.error(&problem);
        assert_eq!(error.position(), Some((3, 1)));
        let expected = "error: unknown key `x.los`
 --> a/b.toml:3:1
  |
3 | los = 0.1
  | ^^^
  |
  = help: did you mean `x.loss`?";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn the_right_text_is_shown() {
        let mut texts = Texts::new("f", "");
        let (typed, start) = texts.add("command line", "--set a=0");
        assert_eq!((typed, start), ("--set a=0", 1));
        assert_eq!(texts.error(&Problem::at(0..0, "")).position(), Some((1, 1)));
        let error = texts.error(&Problem::at(start + 8..start + 9, "no"));
        assert_eq!(error.position(), Some((1, 9)));
        assert!(error.to_string().contains("1 | --set a=0"), "{error}");
    }

    #[test]
    fn no_place_panics_and_no_line_is_shown_raw_or_whole() {
        let content = format!("漢\u{1b}[2J\u{202e}é\n{}", "字x".repeat(300_000));
        let texts = Texts::new("f\u{1b}", &content);
        for span in [
            0..1,
            1..2,
            3..3,
            4..900,
            15..16,
            20..700_000,
            9_000_000..9_000_001,
        ] {
            let text = texts.error(&Problem::at(span, "x")).to_string();
            assert!(!text.contains(['\u{1b}', '\u{202e}']) && text.len() < 2_000);
        }
    }
}
