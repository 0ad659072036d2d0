extension Installation {
    /// Without the locations that are not to be served.
    ///
    /// - Parameter locations: Ids or names of those that are; none for all.
    public func limited(to locations: [String]) -> Installation {
        guard !locations.isEmpty else { return self }
        var limited = self
        limited.locations.removeAll { !locations.contains($0.id.text) && !locations.contains($0.name) }
        return limited
    }
}
