import Basics
import BridgeCore
import HeatingModel

extension PublishService {
    /// What one run of the loop remembers.
    struct Progress {
        let started: Instant
        var published = PublishedTopics()
        /// What the next run will find here.
        var inventory: TopicInventory?
        /// What is to be cleared before that is kept; `nil` when it is.
        var leftovers: [String]?
        /// When what is shown of a site changes though nobody says so.
        var switchpoints: [ControlSystemID: Instant] = [:]
        /// What Home Assistant was told of sites.
        var devices: [ControlSystemID: SiteDevices] = [:]
        /// Whether the broker knows what runs here, and that it is online.
        var isAnnounced = false
    }
}

extension PublishService.Progress {
    /// - Returns: Where a switchpoint has passed, so that another one is current.
    mutating func passSwitchpoints(at now: Instant) -> [ControlSystemID] {
        let passed = switchpoints.filter { $0.value <= now }.map(\.key)
        for system in passed { switchpoints[system] = nil }
        return passed
    }
}
