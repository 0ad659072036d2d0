/// Somebody who has figures.
///
/// Figures are counted where things happen, as plain values, and put into words only when somebody asks for them: a
/// bridge that nobody watches pays for no more than the counting.
public protocol MetricSource: Sendable {
    /// All its figures now. No other source has families of the same names.
    var metrics: [MetricFamily] { get }
}
