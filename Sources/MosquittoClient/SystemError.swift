import Glibc

/// The system's own words for its errors, in the middle of a sentence.
enum SystemError {
    static func sentence(_ code: Int32) -> String { lowercasingFirst(String(cString: strerror(code))) }

    /// The same for what `getaddrinfo` returned.
    static func lookupSentence(_ code: Int32) -> String { lowercasingFirst(String(cString: gai_strerror(code))) }

    private static func lowercasingFirst(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }
}
