namespace Outdial.Platform;

/// <summary>The services composed into this process, in the order they were added.</summary>
internal sealed class ServiceNames(string first)
{
    private readonly List<string> _names = [first];
    private int _mapped;

    /// <summary>The name telemetry goes by: the service's own, or the platform's when several share the process.</summary>
    public string Shared => _names.Count == 1 ? _names[0] : "outdial";

    public void Add(string name)
    {
        if (!_names.Contains(name))
            _names.Add(name);
    }

    /// <summary>True for the first caller only.</summary>
    public bool TakeMapping() => Interlocked.Exchange(ref _mapped, 1) == 0;
}
