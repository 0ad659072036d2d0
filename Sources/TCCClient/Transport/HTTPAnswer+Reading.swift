import Foundation
import HTTPTypes

extension HTTPAnswer {
    /// What `Retry-After` asks for when it is a number of seconds; no capture of this cloud has another form.
    var retryAfter: Duration? {
        guard let text = headerFields[.retryAfter], let seconds = Int(text.trimmingCharacters(in: .whitespaces)) else {
            return nil
        }
        return .seconds(min(max(seconds, 0), 86_400))
    }

    /// What kind of body it is, for a sentence. Never the body itself: it may echo what was sent.
    var summary: String {
        switch body.first(where: { !Self.whiteSpace.contains($0) }) {
        case nil: "no body"
        case UInt8(ascii: "{")?, UInt8(ascii: "[")?: "JSON that was not understood"
        case UInt8(ascii: "<")?: "a page of HTML"
        case UInt8(ascii: "\"")?: "a bare string"
        default: "text"
        }
    }

    private static let whiteSpace: Set<UInt8> = [9, 10, 13, 32]
}
