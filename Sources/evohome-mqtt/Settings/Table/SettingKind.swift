import Basics

/// The form of a setting's value and its range.
enum SettingKind: Sendable {
    /// Any text of one line: `String`.
    case text
    /// Text that is never printed: `Secret`.
    case secret
    /// The path of a file: `FilePath`.
    case path
    /// Names or ids: `[String]`.
    case list
    /// A topic of MQTT to put others under: `String`.
    case topic
    /// `Bool`.
    case boolean
    /// `Int`.
    case integer(ClosedRange<Int>)
    /// `Duration`, from one second.
    case duration
    /// `Duration`, zero being off.
    case durationOrOff
    /// One of a few words.
    case choice(any SettingChoice.Type)
    /// `CloudURL`.
    case cloudURL
    /// `BrokerURL`.
    case brokerURL
    /// `ListenAddress`, or nothing where it is `off`.
    case listenAddress
}

extension SettingKind {
    /// What is allowed, to follow "must be".
    var allowed: String {
        switch self {
        case .text, .secret: "text without control characters, at most \(Self.longestText) bytes"
        case .path: "the path of a file"
        case .list: "a list, or text with commas"
        case .topic: "a topic of at most \(Self.longestTopic) bytes, without +, #, a leading $ or empty levels"
        case .boolean: "true or false"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .duration: "a time from 1s to 36500d, such as 180s, 30m, 1h30m or 3d"
        case .durationOrOff: "0, or a time from 1s to 36500d, such as 180s, 30m, 1h30m or 3d"
        case .choice(let type): type.names.formattedAsChoice
        case .cloudURL: "https://host[:port], or http:// on loopback"
        case .brokerURL: "mqtt://[user[:password]@]host[:port] or mqtts://…, a user and password percent-encoded"
        case .listenAddress: "off, or host:port such as 127.0.0.1:8080"
        }
    }

    /// Bounds what is kept of one value; names, paths and passwords that people use are far below.
    static let longestText = 4096

    /// MQTT allows 65,535 bytes for a whole topic: this leaves room for every level below.
    static let longestTopic = 256
}

extension [String] {
    /// `a`, `a or b`, `a, b or c`.
    var formattedAsChoice: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " or " + last
    }
}
