import Testing

@testable import evohome_mqtt

@Suite("Columns of a table")
struct ColumnsTests {
    @Test(
        "A name fills its column exactly, whatever it is made of",
        arguments: [
            ("Hall", "Hall      "), ("Main Bedroom", "Main Bedr "), ("書斎", "書斎      "), ("書斎書斎書", "書斎書斎  "),
            ("Loft🔥", "Loft🔥    "), ("", "          "), ("A\u{9}\u{1b}[2J", "A??[2J    "), ("A\u{202e}B", "A?B       "),
            ("e\u{301}tage", "e\u{301}tage     "),
        ]
    )
    func fitted(name: String, cell: String) {
        #expect(name.fitted(to: 10) == cell)
        #expect(cell.columns == 10)
    }

    @Test("A number stands at the right end of its column")
    func right() {
        #expect("19.5 °C".fittedRight(to: 9) == "  19.5 °C")
        #expect("-10.25 °C".fittedRight(to: 4) == "-10.25 °C")
    }
}
