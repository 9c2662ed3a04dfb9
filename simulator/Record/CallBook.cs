namespace Outdial.Simulator;

/// <summary>One request for a call as it was received, and the call it became. The provider's own record, independent of its client's.</summary>
/// <param name="Sequence">1, 2, 3 … in the order of receipt.</param>
/// <param name="Reason">Why it was refused; null when it was accepted.</param>
/// <param name="From">E.164 where it could be read, else as it came.</param>
/// <param name="Fault">The fault that struck the request; null for none.</param>
public sealed record ConnectRecord(
    long Sequence, DateTimeOffset At, bool Accepted, int Status, string? Reason, string? From, string? CallerId, string? CustomField,
    string? Fault, IRecordedCall? Call)
{
    /// <summary>In which API's words it was asked: <c>exotel</c> or <c>portaswitch</c>.</summary>
    public string Provider { get; init; } = Providers.Exotel;
}

/// <summary>The dialects, as the record names them.</summary>
public static class Providers
{
    public const string Exotel = "exotel";
    public const string PortaSwitch = "portaswitch";
}

/// <summary>Everything that was asked and every call that was placed, until it is reset. Grows with the calls; thread-safe.</summary>
public sealed class CallBook
{
    private readonly Lock _gate = new();
    private readonly List<ConnectRecord> _connects = [];
    private readonly List<SimulatedCall> _calls = [];
    private readonly Dictionary<string, IRecordedCall> _bySid = [];
    private readonly Dictionary<string, int> _requestsOf = [];
    private readonly Dictionary<string, int> _callsOf = [];
    private readonly Dictionary<string, List<SimulatedCall>> _ordinaryOf = [];

    /// <summary>Counts one more valid connect request for the number.</summary>
    public int NextRequest(string number)
    {
        lock (_gate)
            return _requestsOf[number] = _requestsOf.GetValueOrDefault(number) + 1;
    }

    /// <summary>Counts one more call to the number.</summary>
    public int NextCall(string number)
    {
        lock (_gate)
            return _callsOf[number] = _callsOf.GetValueOrDefault(number) + 1;
    }

    public void Write(
        DateTimeOffset at, int status, string? reason, string? from, string? callerId, string? customField, string? fault, IRecordedCall? call,
        string provider = Providers.Exotel)
    {
        lock (_gate)
        {
            _connects.Add(new ConnectRecord(
                _connects.Count + 1, at, call is not null, status, reason, from, callerId, customField, fault, call)
            { Provider = provider });
            if (call is null)
                return;
            _bySid[call.Sid] = call;
            if (call is not SimulatedCall exotel)
                return;
            _calls.Add(exotel);
            if (call is FlowCall)
                return;
            if (!_ordinaryOf.TryGetValue(call.Person, out var calls))
                _ordinaryOf[call.Person] = calls = [];
            calls.Add(exotel);
        }
    }

    /// <summary>Whether the person has a call at that moment whose life was fixed when it was placed.</summary>
    public bool IsOnOrdinaryCall(string number, DateTimeOffset at)
    {
        lock (_gate)
            return _ordinaryOf.TryGetValue(number, out var calls) && calls.Exists(c => c.CreatedAt <= at && at < c.EndedAt);
    }

    public SimulatedCall? Find(string sid)
    {
        lock (_gate)
            return _bySid.GetValueOrDefault(sid) as SimulatedCall;
    }

    /// <summary>A copy of the calls placed in Exotel's dialect, oldest first.</summary>
    public IReadOnlyList<SimulatedCall> Calls
    {
        get { lock (_gate) return [.. _calls]; }
    }

    /// <summary>Records after a sequence number, oldest first, and how many there are in all.</summary>
    public (IReadOnlyList<ConnectRecord> Page, int Total) Page(long after, int limit)
    {
        lock (_gate)
        {
            var start = (int)Math.Clamp(after, 0, _connects.Count);
            return (_connects.GetRange(start, Math.Min(limit, _connects.Count - start)), _connects.Count);
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _connects.Clear();
            _calls.Clear();
            _bySid.Clear();
            _requestsOf.Clear();
            _callsOf.Clear();
            _ordinaryOf.Clear();
        }
    }
}
