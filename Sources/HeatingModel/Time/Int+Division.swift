extension Int {
    /// Division rounded towards negative infinity, with a remainder that is never negative: days before 1970 begin at
    /// midnight too. The divisor is positive.
    func dividedDown(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = self.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
