import Dispatch
public import Logging
import Synchronization
public import SystemPackage

/// A private file that lines are appended to, made for what must survive the process: a line is with the operating system
/// when ``append(_:)`` returns, and on the disk soon after.
///
/// Syncing goes on beside it, on a thread of its own, so that a slow disk holds up nobody; a loss of power costs at most
/// the lines of one sync. Lines that follow one another are synced together. A line that was torn by such a loss, or
/// damaged, is left out when the file is opened.
public final class LineFile: Sendable {
    /// Beyond this size the file is written anew with the lines that still count, if that halves it.
    private static let compactingSize = 1 << 20
    /// How much room on the disk is kept for further lines, so that a disk that gets full does not stop them at once.
    private static let reserve = 256 << 10
    /// How long a line waits for others to be synced with it. A command writes three lines: synced one by one, each would be
    /// a write to a memory card, and the first would compete with the call for the processor.
    private static let syncDelay = DispatchTimeInterval.milliseconds(10)

    private struct State {
        var file: FileDescriptor?
        /// Bytes in the file.
        var size = 0
        /// Bytes after the last compaction.
        var compactedSize = 0
        var isDirty = false
        /// Up to which size there is room on the disk, as far as the file system keeps any.
        var reserved = 0
        /// Whether a line could not be appended, so that the file does not hold what it should.
        var lacksLines = false
        /// Whether its name is not on the disk yet.
        var isNew = false
        var isSyncing = false
        /// Lines that were appended since a compaction began; `nil` when none is under way.
        var late: [UInt8]?
    }

    public let path: FilePath
    private let header: String
    private let lines: @Sendable () -> [String]
    private let logger: Logger
    private let system: any SystemCalls
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "line-file")

    /// Names a file. It is not touched before it is opened.
    ///
    /// - Parameters:
    ///   - header: The first line: the kind and version of what follows. A file with another one is set aside.
    ///   - lines: The lines that still count, for a compaction. Called from any thread, also while lines are appended.
    public convenience init(
        _ path: FilePath,
        header: String,
        logger: Logger,
        lines: @escaping @Sendable () -> [String]
    ) {
        self.init(path, header: header, logger: logger, system: OperatingSystem(), lines: lines)
    }

    package init(
        _ path: FilePath,
        header: String,
        logger: Logger,
        system: any SystemCalls,
        lines: @escaping @Sendable () -> [String]
    ) {
        self.path = path
        self.header = header
        self.logger = logger
        self.system = system
        self.lines = lines
    }

    // MARK: - Opening

    /// Opens the file for this process alone and reads its lines. Blocks, but does not wait for the disk to sync.
    ///
    /// - Returns: The lines after the header, without those that are not whole.
    /// - Throws: `locked` while another process has it open, or `cannotWrite`.
    public func open() throws(StateFileError) -> [String] {
        do throws(Errno) {
            do throws(Errno) {
                return try openLines()
            } catch .noSuchFileOrDirectory {
                try PrivateFile(location: location, system: system).makeDirectories()
                return try openLines()
            }
        } catch {
            if error == .wouldBlock {
                throw StateFileError(.locked, path, "Another process uses \(path).")
            }
            throw .cannotWrite(path, error)
        }
    }

    private var location: StateFileLocation { StateFileLocation(file: path) }

    private func openLines() throws(Errno) -> [String] {
        let file = try openLocked()
        do throws(Errno) {
            try? PrivateFile(location: location, system: system).removeTemporaries()
            let contents = try read(file)
            let (isOurs, lines, isWhole) = LineCoding.decode(contents, header: header)
            guard isOurs || contents.isEmpty else {
                try setAside()
                try? system.close(file)
                return try openLines()
            }
            if !isWhole {
                logger.warning("Incomplete lines are ignored", metadata: ["file": "\(path)"])
            }
            // A line feed ends what was torn, so that the next line begins a line.
            let start = contents.isEmpty ? LineCoding.encode(header) : isWhole ? [] : [UInt8(ascii: "\n")]
            try write(start, to: file, undoingAt: contents.count)
            state.withLock { state in
                state.file = file
                state.size = contents.count + start.count
                state.isDirty = true
                state.isNew = contents.isEmpty
                keepRoom(&state)
            }
            return lines
        } catch {
            try? system.close(file)
            throw error
        }
    }

    private func setAside() throws(Errno) {
        let timestamp = system.timestamp()
        var attempt = 1
        while (try? system.status(at: location.damaged(at: timestamp, attempt: attempt))) != nil { attempt += 1 }
        let aside = location.damaged(at: timestamp, attempt: attempt)
        try uninterrupted { () throws(Errno) in try system.rename(path, to: aside) }
        logger.warning(
            "A file that is damaged or of another version is set aside",
            metadata: ["file": "\(path)", "kept_as": "\(aside)"]
        )
    }

    private func openLocked() throws(Errno) -> FileDescriptor {
        while true {
            let file = try uninterrupted { () throws(Errno) in
                try system.open(path, .readWrite, [.create, .append, .noFollow], .ownerReadWrite)
            }
            do throws(Errno) {
                try uninterrupted { () throws(Errno) in try system.setPermissions(file, .ownerReadWrite) }
                try uninterrupted { () throws(Errno) in try system.tryLock(file) }
                let own = try system.status(of: file)
                // A compaction of its owner may have put another file in its place meanwhile.
                if let present = try? system.status(at: path), present.identity == own.identity { return file }
            } catch {
                try? system.close(file)
                throw error
            }
            try? system.close(file)
        }
    }

    private func read(_ file: FileDescriptor) throws(Errno) -> [UInt8] {
        var contents: [UInt8] = []
        while true {
            let chunk = try uninterrupted { () throws(Errno) in try system.read(file, atMost: 65_536) }
            if chunk.isEmpty { return contents }
            contents += chunk
        }
    }

    // MARK: - Appending

    /// Appends a line. It survives the process from now on, and soon a loss of power.
    ///
    /// - Throws: `cannotWrite`: the line is not in the file.
    public func append(_ line: String) throws(StateFileError) {
        let bytes = LineCoding.encode(line)
        do throws(Errno) {
            try state.withLock { (state) throws(Errno) in
                guard let file = state.file else { throw .badFileDescriptor }
                do throws(Errno) {
                    try write(bytes, to: file, undoingAt: state.size)
                } catch {
                    (state.lacksLines, state.reserved) = (true, 0)
                    throw error
                }
                state.size += bytes.count
                state.isDirty = true
                state.late?.append(contentsOf: bytes)
            }
        } catch {
            throw .cannotWrite(path, error)
        }
        scheduleSync()
    }

    /// Nothing counts any more: empties the file, if that is worth it. Cheap, and needs no room on the disk.
    public func clear() {
        state.withLock { state in
            guard let file = state.file, state.late == nil else { return }
            guard state.lacksLines || state.size > Self.compactingSize / 16 else { return }
            let bytes = LineCoding.encode(header)
            guard (try? system.truncate(file, to: bytes.count)) != nil else { return }
            state.size = bytes.count
            state.reserved = 0
            state.lacksLines = false
            state.isDirty = true
            keepRoom(&state)
        }
        scheduleSync()
    }

    /// Has the file system keep room for further lines; not every one can.
    private func keepRoom(_ state: inout State) {
        guard let file = state.file, state.reserved < state.size + Self.reserve / 2 else { return }
        let wanted = state.size + Self.reserve
        if (try? system.reserve(file, size: wanted)) != nil { state.reserved = wanted }
    }

    /// Waits until everything is on the disk, and closes the file. Blocks.
    public func close() {
        queue.sync { sync() }
        state.withLock { state in
            if let file = state.file.take() { try? system.close(file) }
        }
    }

    /// A part of a line that could be written is taken back, so that the next line begins a line.
    private func write(_ bytes: [UInt8], to file: FileDescriptor, undoingAt size: Int) throws(Errno) {
        var rest = bytes[...]
        do throws(Errno) {
            while !rest.isEmpty {
                let written = try uninterrupted { () throws(Errno) in try system.write(file, rest) }
                guard written > 0 else { throw .ioError }
                rest = rest.dropFirst(written)
            }
        } catch {
            if rest.count < bytes.count { try? system.truncate(file, to: size) }
            throw error
        }
    }

    // MARK: - The disk

    private func scheduleSync() {
        let isNeeded = state.withLock { state in
            defer { state.isSyncing = true }
            return !state.isSyncing
        }
        if isNeeded { queue.asyncAfter(deadline: .now() + Self.syncDelay) { [self] in sync() } }
    }

    private func sync() {
        while true {
            let (file, isToBeCompacted, isNew) = state.withLock { state in
                guard state.isDirty, let file = state.file else {
                    state.isSyncing = false
                    return (nil as FileDescriptor?, false, false)
                }
                let isBig = state.size > max(Self.compactingSize, 2 * state.compactedSize)
                let isToBeCompacted = isBig || state.lacksLines
                if isToBeCompacted { state.late = [] } else { keepRoom(&state) }
                defer { (state.isDirty, state.isNew) = (false, false) }
                return (file, isToBeCompacted, state.isNew)
            }
            guard let file else { return }
            // A disk that is full has no room for a new file, but can still sync the one that is there.
            if isToBeCompacted, compact() { continue }
            // If a sync fails, the lines still survive a kill, and the next line is synced again.
            try? system.synchronize(file)
            if isNew { try? PrivateFile(location: location, system: system).synchronizeDirectory() }
        }
    }

    /// - Returns: Whether the file was written anew, and is on the disk.
    private func compact() -> Bool {
        do throws(Errno) {
            try rewrite(with: lines())
            return true
        } catch {
            state.withLock { state in
                state.late = nil
                // One that is too big is not written anew until it has grown again.
                state.compactedSize = state.size
            }
            return false
        }
    }

    /// Puts a new file with these lines, and those that are appended meanwhile, in the place of the present one.
    private func rewrite(with lines: [String]) throws(Errno) {
        let bytes = ([header] + lines).flatMap(LineCoding.encode)
        let temporary = location.temporary(system.randomNumber())
        let new = try uninterrupted { () throws(Errno) in
            try system.open(temporary, .readWrite, [.create, .exclusiveCreate, .append, .noFollow], .ownerReadWrite)
        }
        do throws(Errno) {
            try system.tryLock(new)
            try write(bytes, to: new, undoingAt: 0)
            try uninterrupted { () throws(Errno) in try system.synchronize(new) }
            try state.withLock { (state) throws(Errno) in
                let late = state.late ?? []
                try write(late, to: new, undoingAt: bytes.count)
                try uninterrupted { () throws(Errno) in try system.rename(temporary, to: path) }
                if let old = state.file { try? system.close(old) }
                state.file = new
                state.size = bytes.count + late.count
                state.compactedSize = state.size
                state.isDirty = !late.isEmpty
                state.late = nil
                state.lacksLines = false
                state.reserved = 0
                keepRoom(&state)
            }
        } catch {
            try? system.remove(temporary)
            try? system.close(new)
            throw error
        }
        try? PrivateFile(location: location, system: system).synchronizeDirectory()
    }
}
