extension HomeDocuments {
    /// The default home.
    static var house: HomeDocuments {
        let rooms = [
            HomeBuilder.Room(name: "Living Room", day: 21, night: 16.5),
            HomeBuilder.Room(name: "Kitchen", kind: "UnderfloorHeating", day: 19.5, night: 15.5),
            HomeBuilder.Room(name: "Hall", day: 18, night: 14),
            HomeBuilder.Room(name: "Bathroom", day: 22, night: 17),
            HomeBuilder.Room(name: "Main Bedroom", day: 18.5, night: 16),
            HomeBuilder.Room(name: "Study", day: 20.5, night: 15),
        ]
        return evohome(rooms: rooms, firstID: 2_100_001, hasHotWater: true)
    }

    /// One location with one evohome; ids are numbered from `firstID`.
    static func evohome(rooms: [HomeBuilder.Room], firstID: Int, hasHotWater: Bool) -> HomeDocuments {
        let ids = rooms.indices.map { "\(firstID + 3 + $0)" }
        let hotWaterID = hasHotWater ? "\(firstID + 3 + rooms.count)" : nil
        let system = HomeBuilder.evohome(
            id: "\(firstID + 2)",
            zones: zip(ids, rooms).map(HomeBuilder.zone),
            hotWaterID: hotWaterID
        )
        let location = HomeBuilder.location(
            id: "\(firstID)",
            name: "Home",
            gateways: [HomeBuilder.gateway(id: "\(firstID + 1)", mac: "00D02D5A11E0", systems: [system])]
        )
        var home = HomeDocuments(account: HomeBuilder.account, locations: [location])
        for (id, room) in zip(ids, rooms) { home.schedules[id] = Week.room(day: room.day, night: room.night) }
        home.hotWaterSchedule = Week.hotWater
        return home
    }
}
