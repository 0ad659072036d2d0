/// Finds variables of the environment that look like the program's own and are not.
enum UnknownVariables {
    /// Read elsewhere: the name of the file by the command line, the captured homes by the tests.
    private static let others: Set<String> = ["EVOHOME_CONFIG", "EVOHOME_FIXTURES"]

    /// - Parameter environment: All variables of the process.
    /// - Returns: A problem for each that begins with `EVOHOME_` and means nothing, in order of name.
    static func problems(in environment: [String: String]) -> [SettingsProblem] {
        let known = SettingKey.allCases.map(\.environmentName)
        return environment.keys.sorted()
            .filter { $0.hasPrefix("EVOHOME_") && !others.contains($0) && !known.contains($0) && !isServiceLink($0) }
            .map { name in
                let suggestion = NearestName.suggestion(for: name, among: known + others)
                let hint = suggestion.map { "did you mean \($0)?" } ?? "unset it."
                return SettingsProblem(sentence: "The environment has \(name), which sets nothing: \(hint)")
            }
    }

    /// Kubernetes gives every container variables for each service of its namespace, and a service of this program's
    /// own name has them begin with `EVOHOME_MQTT_` ("Discovering services" in the documentation of Kubernetes).
    private static func isServiceLink(_ name: String) -> Bool {
        name.contains(#/_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?$/#)
            || name.contains(#/_PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/#)
    }
}
