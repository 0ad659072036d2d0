import BridgeCore
import HeatingModel
import Testing

@Suite("Which locations are served")
struct ServedLocationsTests {
    /// The mill house, a cottage, and a barn without a control system.
    private func account() throws -> Installation {
        let mill = try MillHouse.location()
        var cottage = mill
        (cottage.id, cottage.name, cottage.systems[0].id) = ("8001", "Günther's Cottage", "8003")
        var barn = mill
        (barn.id, barn.name, barn.systems) = ("9001", "Barn", [])
        return Installation(accountID: "7000", locations: [mill, cottage, barn])
    }

    private func served(_ words: String...) throws -> ServedLocations { ServedLocations(words, of: try account()) }

    @Test(
        "A word matches an id, a name in any case, or a name as in topics",
        arguments: [
            ("8001", "8001"), ("Günther's Cottage", "8001"), ("GÜNTHER'S COTTAGE", "8001"),
            ("günther_s_cottage", "8001"), ("Mill House", "7001"), ("mill_house", "7001"), ("mill house", "7001"),
        ]
    )
    func matches(word: String, id: LocationID) throws {
        let served = try served(word)
        #expect(served.installation.locations.map(\.id) == [id])
        #expect(served.installation.accountID == "7000")
        #expect(served.problem == nil)
    }

    @Test("Names that are alike are told apart as on the command line: the most exact match counts")
    func alike() throws {
        var account = try account()
        account.locations[1].name = "Mill House"
        #expect(ServedLocations(["mill_house_2"], of: account).installation.locations.map(\.id) == ["8001"])
        #expect(ServedLocations(["mill house"], of: account).installation.locations.map(\.id) == ["7001", "8001"])
        account.locations[1].name = "mill house"
        #expect(ServedLocations(["mill house"], of: account).installation.locations.map(\.id) == ["8001"])
    }

    @Test("A location without a control system takes no word from one that has one")
    func abandoned() throws {
        var account = try account()
        account.locations.insert(account.locations.removeLast(), at: 0)
        (account.locations[0].id, account.locations[0].name) = ("6001", "Mill House")
        for word in ["mill_house", "mill house", "Mill House", "mill_house_2"] {
            #expect(ServedLocations([word], of: account).installation.locations.map(\.id) == ["7001"], "\(word)")
        }
    }

    @Test("Without a word everything is served")
    func everything() throws {
        let served = try served()
        #expect(served.installation == (try account()))
        #expect(served.problem == nil)
    }

    @Test("Locations keep their order, and each is served once, however many words match it")
    func several() throws {
        let served = try served("Günther's Cottage", "mill_house", "7001")
        #expect(served.installation.locations.map(\.id) == ["7001", "8001"])
    }

    @Test("A word that matches nothing is named, with what the account has, and the rest is served")
    func unmatched() throws {
        let served = try served("Mill House", "Castle", "")
        #expect(served.installation.locations.map(\.id) == ["7001"])
        #expect(
            served.problem == "cloud.locations: no location matches \"Castle\" and \"\"; "
                + "the account has: Mill House (7001), Günther's Cottage (8001) and Barn (9001)."
        )
    }

    @Test("A word from outside does not break the sentence")
    func hostile() throws {
        let problem = try #require(try served("Cas\u{202e}tle\n" + String(repeating: "x", count: 1000)).problem)
        #expect(!problem.contains("\n") && !problem.unicodeScalars.contains("\u{202e}") && problem.count < 250)
    }

    @Test("An account with nothing to serve is a problem of its own")
    func nothing() throws {
        #expect(
            ServedLocations([], of: Installation(accountID: "1", locations: [])).problem
                == "The account has no locations."
        )
        #expect(
            ServedLocations(["Home"], of: Installation(accountID: "1", locations: [])).problem
                == "The account has no locations."
        )
        #expect(try served("Barn").problem == "There is nothing to serve: Barn has no control system.")
        var account = try account()
        account.locations = ["Barn", "Shed"].map { name in
            var barn = account.locations[2]
            barn.name = name
            return barn
        }
        #expect(
            ServedLocations([], of: account).problem
                == "There is nothing to serve: Barn and Shed have no control system."
        )
    }
}
