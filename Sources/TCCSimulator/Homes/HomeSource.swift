import Foundation

/// Where a home comes from.
public enum HomeSource: Sendable, Hashable {
    /// One of ``BuiltInHome/all`` by name.
    case builtIn(String)
    /// A folder of captures.
    case folder(String)

    /// The name of a built-in home, or else a folder.
    /// - Parameter text: as it stands on a command line.
    public init(_ text: String) {
        self = BuiltInHome.all.contains { $0.name == text } ? .builtIn(text) : .folder(text)
    }

    func documents() throws -> HomeDocuments {
        switch self {
        case .builtIn(let name):
            guard let home = BuiltInHome.all.first(where: { $0.name == name }) else {
                throw SimulatorError.unknownHome(name)
            }
            return home.documents()
        case .folder(let path):
            var isFolder = ObjCBool(false)
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
                throw SimulatorError.unknownHome(path)
            }
            return try HomeDocuments(folder: path)
        }
    }
}

extension Installation {
    /// Reads homes one after the other under one account, that of the first.
    init(homes: [HomeDocuments], copies: Int, now: Date) {
        var reader = InstallationReader(account: homes.first?.account ?? [:], now: now)
        var pool = IdentifierPool()
        for copy in 1...max(copies, 1) {
            for home in homes {
                let renumbered = home.renumbered(in: &pool)
                reader.read(copy == 1 ? renumbered : renumbered.named(copy))
            }
        }
        self = reader.installation
    }
}

extension HomeDocuments {
    /// A copy whose locations say which copy they are.
    fileprivate func named(_ copy: Int) -> HomeDocuments {
        var home = self
        home.locations = locations.map { location in
            guard var members = location.object, var info = members["locationInfo"]?.object else { return location }
            info["name"] = .string("\(info["name"]?.string ?? "Home") \(copy)")
            members["locationInfo"] = .object(info)
            return .object(members)
        }
        return home
    }
}
