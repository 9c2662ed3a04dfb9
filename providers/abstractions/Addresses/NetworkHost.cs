using System.Net;
using System.Net.Sockets;

namespace Outdial.Providers;

/// <summary>
/// Tells hosts that nobody outside can mean: loopback, private and link-local networks, and names that say so. Pure: names are judged by what
/// they say and never resolved, because what they lead to changes.
/// </summary>
public static class NetworkHost
{
    // IANA's special-purpose registries, without the networks that documentation uses.
    private static readonly IPNetwork[] PrivateV4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork[] PrivateV6 =
        [.. new[] { "::/127", "100::/64", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8" }.Select(IPNetwork.Parse)];

    private static readonly string[] PrivateNames =
        ["localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa", "svc"];

    /// <param name="host">
    /// A name or an address, without port; an address of version 6 with or without brackets. Every way to write an address of version 4 counts.
    /// </param>
    public static bool IsPrivate(string host)
    {
        var name = host.Trim('[', ']').TrimEnd('.');
        if (IPAddress.TryParse(name, out var address))
            return IsPrivate(address);
        return !name.Contains('.', StringComparison.Ordinal)   // a name of one word means something on its own network only
            || PrivateNames.Any(tail => name.EndsWith("." + tail, StringComparison.OrdinalIgnoreCase));
    }

    public static bool IsPrivate(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return PrivateV4.Any(network => network.Contains(address));
        return PrivateV6.Any(network => network.Contains(WithoutScope(address))) || (Embedded(address) is { } inner && IsPrivate(inner));
    }

    /// <summary>Whether any address of the network is private.</summary>
    public static bool IsPrivate(IPNetwork network) =>
        (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? PrivateV4 : PrivateV6)
            .Any(some => some.Contains(network.BaseAddress) || network.Contains(some.BaseAddress));

    private static IPAddress WithoutScope(IPAddress address) => new(address.GetAddressBytes());

    /// <summary>The address of version 4 that one of version 6 leads to: mapped, compatible, behind NAT64, or of a 6to4 network.</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 || IPNetwork.Parse("64:ff9b::/96").Contains(WithoutScope(address)))
            return new(bytes.AsSpan(12, 4));
        return bytes is [0x20, 0x02, ..] ? new(bytes.AsSpan(2, 4)) : null;
    }
}
