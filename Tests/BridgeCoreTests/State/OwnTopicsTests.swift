import Basics
import HeatingModel
import TestBasics
import Testing

@testable import BridgeCore

@Suite struct OwnTopicsTests {
    private let start = Uptime.start

    private func at(_ seconds: Double) -> Uptime { start + .seconds(seconds) }

    private func running(_ instance: String = "a") -> OwnTopics {
        var own = OwnTopics(instance: instance)
        own.connected()
        own.published(over: own.publishing())
        return own
    }

    private func information(_ instance: String?, account: String = "1", locations: [String] = ["Home"]) -> String {
        let named = instance.map { #""instance":"\#($0)","# } ?? ""
        let listed = locations.map { #"{"id":"7","name":"\#($0)"}"# }.joined(separator: ",")
        return #"{"version":"1.0.0",\#(named)"account_id":"\#(account)","locations":[\#(listed)]}"#
    }

    private func message(_ payload: String, byteCount: Int? = nil) -> IncomingMessage {
        IncomingMessage(topic: "t", payload: Array(payload.utf8), byteCount: byteCount)
    }

    @Test(
        "Whatever somebody else writes is written over, and what the bridge itself writes is not",
        arguments: [
            (OwnTopics.Topic.state, "online", false), (.state, "offline", true), (.state, "", true),
            (.state, "Online", true),
            (.info, #"{"version":"1.0.0","instance":"a","account_id":"1","locations":[]}"#, false), (.info, "", true),
            (.info, "{", true), (.info, "{}", true), (.info, #"{"account_id":"1"}"#, true), (.info, "[1]", true),
            (.info, #"{"version":"1.0.0","instance":5}"#, true),
        ]
    )
    func overwritten(topic: OwnTopics.Topic, payload: String, expected: Bool) {
        var own = running()
        #expect(own.received(message(payload), on: topic, at: start) == nil)
        #expect(own.takeOverwritten(at: start) == expected)
        #expect(own.takeOverwritten(at: start) == false)
    }

    @Test("What the broker has kept of an earlier run is neither written over nor another bridge")
    func earlierRun() {
        var own = OwnTopics(instance: "a")
        own.connected()
        let lost = own.publishing()
        own.connected()
        // An earlier connection's publication ends late.
        own.published(over: lost)
        _ = own.received(message("offline"), on: .state, at: start)
        #expect(own.received(message(information("b")), on: .info, at: start) == nil)
        _ = own.publishing()
        #expect(own.received(message(information("b")), on: .info, at: start) == nil)
        #expect(own.takeOverwritten(at: start) == false)
        // The last will of the earlier connection can come while this one announces itself.
        _ = own.received(message("offline"), on: .state, at: start)
        #expect(own.takeOverwritten(at: start) == true)
    }

    @Test("A large payload of our own that comes back without its content is not written over")
    func oversized() {
        var own = running()
        #expect(own.received(message("", byteCount: 100_000), on: .info, at: start) == nil)
        #expect(own.takeOverwritten(at: start) == false)
    }

    @Test("Another bridge is told of once, with its account and locations, also one that does not name itself")
    func neighbour() {
        var own = running()
        let other = own.received(message(information("b", account: "2", locations: ["Cottage"])), on: .info, at: start)
        #expect(other == OwnTopics.Neighbour(instance: "b", accountID: "2", locations: ["Cottage"]))
        #expect(own.received(message(information("b", account: "2")), on: .info, at: start) == nil)
        let unnamed = own.received(message(information(nil, account: "3")), on: .info, at: start)
        #expect(unnamed?.accountID == "3")
        #expect(own.received(message(information(nil, account: "3")), on: .info, at: start) == nil)
        #expect(own.neighbours.count == 2)
    }

    @Test("A bridge that was found is answered a moment later, once it listens")
    func answer() {
        var own = running()
        #expect(own.received(message(information("b")), on: .info, at: start) != nil)
        #expect(own.takeOverwritten(at: start) == false)
        #expect(own.nextMoment == at(2))
        #expect(own.received(message(information("c")), on: .info, at: at(1)) != nil)
        #expect(own.takeOverwritten(at: at(2)) == true)
        #expect(own.takeOverwritten(at: at(60)) == false)
        #expect(own.nextMoment == nil)
    }

    @Test("Without end, bridges that start and leave under one base topic are not remembered")
    func manyNeighbours() {
        var own = running()
        for index in 0..<1000 { _ = own.received(message(information("b\(index)")), on: .info, at: start) }
        #expect(own.neighbours.count == 16)
    }

    @Test(
        "Two or three bridges under one base topic learn of each other, then fall silent",
        arguments: 2...3,
        [true, false]
    )
    func silence(count: Int, isEchoing: Bool) {
        let names = (0..<count).map { "bridge \($0)" }
        var bridges = names.map { OwnTopics(instance: $0) }
        var queue: [(from: Int, payload: String)] = []
        var warned: [Set<String>] = names.map { _ in [] }
        var published = 0
        for starting in 0..<count {
            bridges[starting].connected()
            let connection = bridges[starting].publishing()
            bridges[starting].published(over: connection)
            queue.append((starting, information(names[starting], account: "\(starting)")))
            while !queue.isEmpty, published < 100 {
                let (sender, payload) = queue.removeFirst()
                published += 1
                for index in 0...starting where isEchoing || index != sender {
                    if let other = bridges[index].received(message(payload), on: .info, at: start) {
                        warned[index].insert(other.instance)
                    }
                    if bridges[index].takeOverwritten(at: at(2)) {
                        queue.append((index, information(names[index], account: "\(index)")))
                    }
                }
            }
        }
        #expect(published <= 3 * count)
        for index in names.indices { #expect(warned[index] == Set(names).subtracting([names[index]])) }
    }

    @Test("Somebody who writes again and again is written over at a bounded pace, and at last for good")
    func bounded() {
        var own = running()
        var publications: [Double] = []
        var moment = 0.0
        while moment < 60 {
            _ = own.received(message("offline"), on: .state, at: at(moment))
            if own.takeOverwritten(at: at(moment)) { publications.append(moment) }
            moment += 0.1
        }
        #expect(publications.prefix(5).allSatisfy { $0 < 1 })
        #expect((9...11).contains(publications.count))
        // Nothing is said any more, and the last one is still to be written over.
        while own.takeOverwritten(at: at(moment)) {}
        _ = own.received(message("offline"), on: .state, at: at(moment))
        let next = own.nextMoment ?? at(moment)
        #expect(own.takeOverwritten(at: next) == true)
        #expect(own.nextMoment == nil)
    }

    @Test("A neighbour is told of in a sentence that says what to do")
    func sentences() {
        let other = OwnTopics.Neighbour(instance: "b", accountID: "2", locations: ["Cottage\u{1B}[2J", "Mill"])
        #expect(
            other.sentence(isSameAccount: false).contains(
                "(Cottage?[2J, Mill) runs under the same base topic. Give each"
            )
        )
        #expect(other.sentence(isSameAccount: true).contains("Stop one"))
        let event = BridgeEvent(.neighbour(other, isSameAccount: false), at: "2026-11-28T12:00:00Z").json(in: nil)
        #expect(event?["code"] == "shared_base_topic" && event?["account_id"] == "2")
    }
}
