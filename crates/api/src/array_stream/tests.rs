//! Boundaries, wherever the pieces are cut.

use super::*;

/// Elements, members, and whether the object was complete.
type Read = (Vec<String>, Vec<(String, String)>, bool);

/// What is in a text that comes in pieces of `size` bytes.
fn read(text: &str, size: usize) -> Result<Read, NoObject> {
    let mut stream = ArrayStream::new(&["results", "Results"]);
    let (mut elements, mut members) = (Vec::new(), Vec::new());
    let mut pieces = text.as_bytes().chunks(size);
    let shown = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    loop {
        match stream.next()? {
            Part::Element(range) => elements.push(shown(stream.bytes(range))),
            Part::Member(name, range) => members.push((name, shown(stream.bytes(range)))),
            Part::More => match pieces.next() {
                Some(piece) => stream.room().extend_from_slice(piece),
                None => return Ok((elements, members, false)),
            },
            Part::End => {
                assert!(stream.received() <= text.len());
                return Ok((elements, members, true));
            }
        }
    }
}

const ANSWER: &str = r#" {"@odata.context":"https:\/\/x\"}],{[" , "schema" : [{"name":"results","type":"[\"]"}],
"n":-1.5e3,"results": [ {"A":"}\\", "B":[1,{"results":[2]}]} ,3,"three\"]", null,[ ]
,{"é":"\u00e9😀"}] , "more":true}
 "#;

#[test]
fn elements_and_members_are_found_wherever_the_pieces_are_cut() {
    let whole = read(ANSWER, ANSWER.len()).expect("an object");
    let (elements, members, complete) = &whole;
    assert!(complete);
    assert_eq!(
        elements,
        &[
            r#"{"A":"}\\", "B":[1,{"results":[2]}]}"#,
            "3",
            r#""three\"]""#,
            "null",
            "[ ]",
            r#"{"é":"\u00e9😀"}"#
        ]
    );
    let names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["@odata.context", "schema", "n", "more"]);
    assert_eq!(
        (members[1].1.as_str(), members[2].1.as_str()),
        (r#"[{"name":"results","type":"[\"]"}]"#, "-1.5e3")
    );
    for size in 1..ANSWER.len() {
        assert_eq!(read(ANSWER, size).expect("an object"), whole, "pieces of {size}");
    }
}

#[test]
fn every_beginning_of_an_answer_is_incomplete_and_gives_what_it_holds() {
    let (all, _, _) = read(ANSWER, 7).expect("an object");
    let end = ANSWER.rfind('}').expect("an end");
    for length in (0..=end).filter(|length| ANSWER.is_char_boundary(*length)) {
        let (elements, _, complete) = read(&ANSWER[..length], 11).expect("so far an object");
        assert!(!complete && all.starts_with(&elements), "{length}");
    }
}

#[test]
fn an_array_without_elements_is_found_and_a_null_is_not() {
    let found = |text: &str| {
        let mut stream = ArrayStream::new(&["results"]);
        stream.room().extend_from_slice(text.as_bytes());
        while !matches!(stream.next().expect("an object"), Part::End) {}
        stream.found()
    };
    assert!(found(r#"{"results":[ ]}"#));
    assert!(!found(r#"{"results":null}"#) && !found("{}") && !found(r#"{"a":{"results":[1]}}"#));
}

#[test]
fn what_is_no_object_is_told() {
    for text in
        ["<html>", "[1]", "{1}", r#"{"a" 1}"#, r#"{"a":}"#, r#"{"results":[,1]}"#, r#"{"results":[1 2]}"#]
    {
        assert_eq!(read(text, 3), Err(NoObject), "{text}");
    }
    for text in [r#"{"results":[1,]}"#, r#"{"a":1,}"#, r#"{"a":1]"#, r#"{"\x":1}"#] {
        assert_eq!(read(text, 100), Err(NoObject), "{text}");
    }
}

#[test]
fn memory_does_not_grow_with_the_array() {
    let mut stream = ArrayStream::new(&["results"]);
    stream.room().extend_from_slice(br#"{"results":[0"#);
    let (mut count, mut largest) = (0, 0);
    for _ in 0..2000 {
        while let Part::Element(_) = stream.next().expect("an object") {
            count += 1;
        }
        stream.room().extend_from_slice(&br#",{"a":"0123456789"}"#.repeat(50));
        largest = largest.max(stream.buffer.capacity());
    }
    assert!(count > 99_000 && largest < 8192, "{count} elements, {largest} bytes");
}
