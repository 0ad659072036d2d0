/// What is no command, and must be told so.
enum MalformedMessages {
    static let all: [[UInt8]] = [
        [], Array("{".utf8), Array("null".utf8), Array("[]".utf8), Array("{}".utf8), Array("NaN".utf8),
        Array(#"{"setpoint":NaN}"#.utf8), Array(#"{"setpoint":1e400}"#.utf8), Array(#"{"setpoint":-3}"#.utf8),
        Array(#"{"setpoint":21,"surprise":1}"#.utf8), Array(#"{"setpoint":21,"until":"yesterday"}"#.utf8),
        Array(#"{"setpoint":21,"duration":0}"#.utf8), Array(#"{"setpoint":"21,5"}"#.utf8),
        Array(#"{"mode":"sideways"}"#.utf8), Array(#"{"setpoint":{"setpoint":21}}"#.utf8),
        [0xff, 0xfe, 0x00, 0x80], Array(repeating: UInt8(ascii: "["), count: 5000),
        Array(repeating: UInt8(ascii: "a"), count: 70_000), Array("\u{FEFF}".utf8),
        Array((#"{"setpoint":21,"id":""# + String(repeating: "x", count: 60_000)).utf8),
    ]

    static var count: Int { all.count }
}
