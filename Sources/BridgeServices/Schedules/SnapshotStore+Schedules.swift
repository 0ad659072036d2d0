public import Basics
public import BridgeCore
public import HeatingModel

extension SnapshotStore {
    /// Reads the schedule of a zone or of hot water with one call. A control system has none.
    public func readSchedule(of target: Target, from cloud: any Cloud) async throws(CloudFailure) {
        switch target {
        case .zone(let zone, in: let system):
            let schedule = try await cloud.schedule(of: zone)
            update { $0.apply(schedule, of: zone, in: system, at: $1) }
        case .hotWater(let hotWater, in: let system):
            let schedule = try await cloud.schedule(of: hotWater)
            update { $0.apply(schedule, of: hotWater, in: system, at: $1) }
        case .system: break
        }
    }

    /// Reads every schedule, one after another.
    ///
    /// - Parameters:
    ///   - cloud: Where they are read.
    ///   - clock: For the pauses between them.
    ///   - progress: Called before each with its number, from 1, and the number of all.
    /// - Returns: What was read, and what the cloud refused, with the reason.
    /// - Throws: ``CloudFailure`` where the cloud is away: the rest was not read.
    public func readSchedules(
        from cloud: any Cloud,
        clock: any WallClock,
        progress: (NamedTarget, Int, Int) -> Void = { _, _, _ in }
    ) async throws(CloudFailure) -> (read: [NamedTarget], refused: [(named: NamedTarget, failure: CloudFailure)]) {
        let all = installation?.zonesAndHotWater ?? []
        var read: [NamedTarget] = []
        var refused: [(NamedTarget, CloudFailure)] = []
        for (index, named) in all.enumerated() {
            progress(named, index + 1, all.count)
            if index > 0 { try? await clock.sleep(for: pauseBetweenSchedules) }
            do throws(CloudFailure) {
                try await readSchedule(of: named.target, from: cloud)
                read.append(named)
            } catch {
                guard error.kind == .refused else { throw error }
                refused.append((named, error))
            }
        }
        return (read, refused)
    }
}

/// Between schedules that are read or written one after another: the cloud limits clients that ask for much at once.
let pauseBetweenSchedules = Duration.milliseconds(250)
