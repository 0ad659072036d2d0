extension Unicode.Scalar {
    /// Whether the scalar may not stand in a log line as it is: it would begin a new line, steer the terminal, turn the
    /// direction of writing or hide. The joiner that holds emoji together is let through.
    var needsEscape: Bool {
        switch value {
        case 0x20..<0x7F: return false
        case 0..<0xA0: return true
        case 0x200D: return false
        default: break
        }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
