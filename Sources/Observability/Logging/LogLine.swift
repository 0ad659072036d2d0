import Logging

/// One event with all that a line says of it, in the order in which it says it.
struct LogLine {
    var time: LogTime
    var level: Logger.Level
    /// The part of the program, which is the logger's label.
    var component: String
    var message: String
    /// In order of the keys.
    var metadata: [(key: String, value: Logger.MetadataValue)]

    func formatted(as format: LogFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        }
    }
}
