import SystemPackage

extension Settings {
    /// Beside the state file. Bridges that share one have base topics of their own.
    var healthSocket: FilePath {
        FilePath("\(state.file).\(mqtt.baseTopic.replacing("/", with: "_")).socket")
    }
}
