/// Reads short machine-written texts (times, durations) from the left, byte by byte, with no allocation.
///
/// After a step has failed the whole text is refused, so the position is undefined then.
struct TextScanner {
    private var rest: Substring.UTF8View

    init(_ text: some StringProtocol) {
        self.rest = Substring(text).utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    var next: Unicode.Scalar? { rest.first.map(Unicode.Scalar.init) }

    /// Steps over one ASCII character if it comes next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == character, character.isASCII else { return false }
        rest.removeFirst()
        return true
    }

    /// Reads a number with a bounded count of ASCII digits; at most 18 of them fit.
    mutating func number(digits allowed: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while count < allowed.upperBound, let digit = takeDigit() {
            value = value * 10 + digit
            count += 1
        }
        return allowed.contains(count) ? value : nil
    }

    /// Reads all digits after a decimal point as nanoseconds; anything finer is dropped.
    mutating func fraction() -> Int? {
        var nanoseconds = 0
        var scale = 100_000_000
        var isEmpty = true
        while let digit = takeDigit() {
            nanoseconds += digit * scale
            scale /= 10
            isEmpty = false
        }
        return isEmpty ? nil : nanoseconds
    }

    private mutating func takeDigit() -> Int? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        rest.removeFirst()
        return Int(byte - UInt8(ascii: "0"))
    }
}

extension Int {
    /// Division rounded towards negative infinity, with a remainder that is never negative: days before 1970 begin at
    /// midnight too. The divisor is positive.
    package func dividedDown(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
