/// Changes of single values of a JSON text, which leave every other byte as it was.
struct JSONEdits {
    private struct Edit {
        let range: Range<Int>
        let bytes: [UInt8]
    }

    private var edits: [Edit] = []

    var isEmpty: Bool { edits.isEmpty }

    mutating func replace(_ slice: JSONSlice, with bytes: some Sequence<UInt8>) {
        edits.append(Edit(range: slice.range, bytes: Array(bytes)))
    }

    /// Gives a member of an object another name.
    mutating func rename(_ member: JSONSlice.Member, to name: String) {
        edits.append(Edit(range: member.key.startIndex..<member.key.endIndex, bytes: Array(name.utf8)))
    }

    /// Sets a member of an object, adds it at its end, or removes it. One edit of an object at a time adds or removes.
    ///
    /// - Parameters:
    ///   - key: A name without anything to escape.
    ///   - value: JSON; `nil` to remove it.
    mutating func set(_ key: String, of object: JSONSlice, to value: String?) {
        let members = object.members
        let index = members.firstIndex { $0.key.elementsEqual(key.utf8) }
        switch (index, value) {
        case (let index?, let value?):
            // Equal values keep the spelling that the cloud gave them.
            guard !members[index].value.bytes.elementsEqual(value.utf8) else { return }
            replace(members[index].value, with: value.utf8)
        case (let index?, nil): remove(index, of: members)
        case (nil, let value?):
            let end = object.range.upperBound - 1
            let separator = members.isEmpty ? "" : ","
            edits.append(Edit(range: end..<end, bytes: Array("\(separator)\"\(key)\":\(value)".utf8)))
        case (nil, nil): break
        }
    }

    private mutating func remove(_ index: Int, of members: [JSONSlice.Member]) {
        let member = members[index].range
        let range: Range<Int>
        if index > 0 {
            range = members[index - 1].range.upperBound..<member.upperBound
        } else if members.count > 1 {
            range = member.lowerBound..<members[1].range.lowerBound
        } else {
            range = member
        }
        edits.append(Edit(range: range, bytes: []))
    }

    /// The text with all changes.
    ///
    /// - Parameter slice: The part of it to return.
    func applied(to slice: JSONSlice) -> [UInt8] {
        guard !edits.isEmpty else { return Array(slice.bytes) }
        var result: [UInt8] = []
        result.reserveCapacity(slice.range.count + 64)
        var position = slice.range.lowerBound
        // What is inserted at one place keeps its order.
        let sorted = edits.enumerated().sorted { one, other in
            (one.element.range.lowerBound, one.offset) < (other.element.range.lowerBound, other.offset)
        }
        for (_, edit) in sorted
        where edit.range.lowerBound >= position && edit.range.upperBound <= slice.range.upperBound {
            result.append(contentsOf: slice.text[position..<edit.range.lowerBound])
            result.append(contentsOf: edit.bytes)
            position = edit.range.upperBound
        }
        result.append(contentsOf: slice.text[position..<slice.range.upperBound])
        return result
    }
}
