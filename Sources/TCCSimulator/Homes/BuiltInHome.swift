import Foundation

/// Where a home comes from.
public enum HomeSource: Sendable, Hashable {
    /// One of ``BuiltInHome/all`` by name.
    case builtIn(String)
    /// A folder of captures.
    case folder(String)

    /// - Parameter text: From a command line: the name of a built-in home, or else a folder.
    public init(_ text: String) {
        self = BuiltInHome.all.contains { $0.name == text } ? .builtIn(text) : .folder(text)
    }

    func documents() throws -> HomeDocuments {
        switch self {
        case .builtIn(let name):
            guard let home = BuiltInHome.all.first(where: { $0.name == name }) else {
                throw SimulatorError.unknownHome(name, builtIn: BuiltInHome.all.map(\.name))
            }
            return home.documents()
        case .folder(let path):
            var isFolder = ObjCBool(false)
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
                throw SimulatorError.unknownHome(path, builtIn: BuiltInHome.all.map(\.name))
            }
            return try HomeDocuments(folder: path)
        }
    }
}

/// A home that comes with the simulator. All of them are made up, but their oddities have been seen in real ones.
public struct BuiltInHome: Sendable {
    /// Its name on the command line.
    public let name: String
    /// What is special about it, in one line.
    public let summary: String
    let documents: @Sendable () -> HomeDocuments

    /// Every built-in home, the default first.
    public static let all: [BuiltInHome] = [
        .init(name: "house", summary: "six rooms and hot water in London") { .house },
        .init(name: "flat", summary: "three rooms in Amsterdam, no hot water") { .flat },
        .init(name: "villa", summary: "twelve zones of every type, with names that are difficult in topics") { .villa },
        .init(name: "ghost", summary: "a leftover zone without a name, and a zone that only the status has") { .ghost },
        .init(name: "faulty", summary: "lost sensors, low batteries, overrides with and without an end") { .faulty },
        .init(name: "two-systems", summary: "one location, two gateways, a control system on each") { .twoSystems },
        .init(name: "two-locations", summary: "a home and a summer house in two time zones") { .twoLocations },
        .init(name: "round", summary: "two Round thermostats on one system, one of them without a schedule") { .round },
        .init(name: "vision", summary: "a VisionPro whose zone shares the id of its system: heat, off, fan") {
            .vision
        },
        .init(name: "focus", summary: "a FocusPro with cooling and without schedule capabilities") { .focus },
        .init(name: "five-two", summary: "a thermostat whose schedule has Monday and Saturday only") { .fiveTwo },
        .init(name: "empty", summary: "a location without a gateway and a gateway without a system") { .empty },
        .init(name: "unknown", summary: "models, modes and faults that nobody has seen") { .unknown },
    ]
}
