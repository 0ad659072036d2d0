import StateFile
import Synchronization
import SystemPackage

/// The real system calls, of which one goes wrong.
final class FaultySystemCalls: SystemCalls {
    enum Fault: Equatable, CustomStringConvertible {
        /// The call fails without having done anything.
        case fails(Errno)
        /// A write does only a part; other calls do all of it.
        case isShort
        /// The process dies before the call: from there on nothing happens.
        case dies
        /// Something else happens right before the call, which then goes well.
        case isLate

        var description: String {
            switch self {
            case .fails(let errno): "fails (\(errno))"
            case .isShort: "is short"
            case .dies: "dies"
            case .isLate: "is late"
            }
        }
    }

    private enum Place {
        case index(Int?)
        case first(String)
        case wherever(@Sendable (_ call: String, _ before: [String]) -> Bool)
    }

    private struct State {
        var calls: [String] = []
        var isDead = false
    }

    private let real = OperatingSystem()
    private let place: Place
    private let fault: Fault
    private let interlude: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - fault: What goes wrong.
    ///   - place: At which call, from 0; `nil` for none.
    ///   - interlude: What happens right before that call.
    init(_ fault: Fault = .dies, at place: Int? = nil, interlude: @escaping @Sendable () -> Void = {}) {
        self.fault = fault
        self.place = .index(place)
        self.interlude = interlude
    }

    /// - Parameters:
    ///   - call: Before the first call of this name something else happens.
    ///   - interlude: What happens. The call goes well then.
    init(late call: String, interlude: @escaping @Sendable () -> Void) {
        self.fault = .isLate
        self.place = .first(call)
        self.interlude = interlude
    }

    /// - Parameters:
    ///   - fault: What goes wrong.
    ///   - place: Whether it does at a call, which is told with those before it.
    init(_ fault: Fault, where place: @escaping @Sendable (_ call: String, _ before: [String]) -> Bool) {
        self.fault = fault
        self.place = .wherever(place)
        interlude = {}
    }

    /// The names of the calls so far.
    var calls: [String] { state.withLock { $0.calls } }

    /// - Returns: Whether the call is to be short.
    private func enter(_ name: String) throws(Errno) -> Bool {
        let (isHere, isDead) = state.withLock { state in
            let isHere =
                switch place {
                case .index(let index): state.calls.count == index
                case .first(let call): name == call && !state.calls.contains(call)
                case .wherever(let isHere): isHere(name, state.calls)
                }
            state.calls.append(name)
            if isHere, fault == .dies { state.isDead = true }
            return (isHere, state.isDead)
        }
        if isDead { throw .ioError }
        guard isHere else { return false }
        interlude()
        if case .fails(let errno) = fault { throw errno }
        return fault == .isShort
    }

    func open(
        _ path: FilePath,
        _ mode: FileDescriptor.AccessMode,
        _ options: FileDescriptor.OpenOptions,
        _ permissions: FilePermissions
    ) throws(Errno) -> FileDescriptor {
        _ = try enter("open")
        return try real.open(path, mode, options, permissions)
    }

    func read(_ file: FileDescriptor, atMost count: Int) throws(Errno) -> [UInt8] {
        try real.read(file, atMost: try enter("read") ? 1 : count)
    }

    func write(_ file: FileDescriptor, _ bytes: ArraySlice<UInt8>) throws(Errno) -> Int {
        try real.write(file, try enter("write") ? bytes.prefix(7) : bytes)
    }

    func truncate(_ file: FileDescriptor, to size: Int) throws(Errno) {
        _ = try enter("truncate")
        try real.truncate(file, to: size)
    }

    func reserve(_ file: FileDescriptor, size: Int) throws(Errno) {
        _ = try enter("reserve")
        try real.reserve(file, size: size)
    }

    func setPermissions(_ file: FileDescriptor, _ permissions: FilePermissions) throws(Errno) {
        _ = try enter("setPermissions")
        try real.setPermissions(file, permissions)
    }

    func synchronize(_ file: FileDescriptor) throws(Errno) {
        _ = try enter("synchronize")
        try real.synchronize(file)
    }

    func close(_ file: FileDescriptor) throws(Errno) {
        // A dead process has its files closed for it.
        defer { try? real.close(file) }
        _ = try enter("close")
    }

    func status(of file: FileDescriptor) throws(Errno) -> FileStatus {
        _ = try enter("status of file")
        return try real.status(of: file)
    }

    func status(at path: FilePath) throws(Errno) -> FileStatus {
        _ = try enter("status at path")
        return try real.status(at: path)
    }

    func tryLock(_ file: FileDescriptor) throws(Errno) {
        _ = try enter("tryLock")
        try real.tryLock(file)
    }

    func touch(_ file: FileDescriptor) throws(Errno) {
        _ = try enter("touch")
        try real.touch(file)
    }

    func rename(_ source: FilePath, to target: FilePath) throws(Errno) {
        _ = try enter("rename")
        try real.rename(source, to: target)
    }

    func remove(_ path: FilePath) throws(Errno) {
        _ = try enter("remove")
        try real.remove(path)
    }

    func createDirectory(_ path: FilePath, _ permissions: FilePermissions) throws(Errno) {
        _ = try enter("createDirectory")
        try real.createDirectory(path, permissions)
    }

    func symbolicLink(at path: FilePath) throws(Errno) -> FilePath {
        _ = try enter("symbolicLink")
        return try real.symbolicLink(at: path)
    }

    func names(in directory: FilePath) throws(Errno) -> [String] {
        _ = try enter("names")
        return try real.names(in: directory)
    }

    func randomNumber() -> UInt64 { real.randomNumber() }
    func timestamp() -> String { "20261124T133005Z" }
}
