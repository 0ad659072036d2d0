import Basics
import BridgeCore
import Foundation
import Testing

@Suite("The documents for Home Assistant")
struct DiscoveryGoldenTests {
    /// Set `UPDATE_GOLDEN` to write the file anew; look at the difference before committing it.
    @Test("They are as their golden file")
    func golden() throws {
        let announced = try Announced(MillHouse.announcedSite())
        let text = try announced.messages.map { try Self.lines(of: $0) }.joined(separator: "\n")
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Golden/mill_house.devices.txt"
        )
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)))
    }

    /// A document over several lines: one for each of its keys, and for each component.
    private static func lines(of message: Publication) throws -> String {
        guard case .object(let members) = try JSONValue(parsing: message.payload.utf8) else { return "" }
        let lines = members.flatMap { member -> [String] in
            guard member.key == "components", case .object(let components) = member.value else {
                return ["  \(member.key) \(member.value.text)"]
            }
            return components.map { "  component \($0.key) \($0.value.text)" }
        }
        return ([message.topic] + lines).map { $0 + "\n" }.joined()
    }
}
