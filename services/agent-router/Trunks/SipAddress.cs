using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Outdial.AgentRouter.Trunks;

/// <summary>Addresses as the provider's trunk settings write them.</summary>
internal static partial class SipAddress
{
    /// <summary>Reads <c>&lt;ip_or_fqdn&gt;:&lt;port&gt;;transport=&lt;tls|tcp&gt;</c>.</summary>
    /// <param name="ip">The host where it is an IPv4 address; null where it is a name.</param>
    public static bool TryReadDestination(string? text, out IPAddress? ip) => TryReadDestination(text, out ip, out _);

    /// <inheritdoc cref="TryReadDestination(string, out IPAddress)"/>
    /// <param name="host">Name or address, without port.</param>
    public static bool TryReadDestination(string? text, out IPAddress? ip, out string host)
    {
        (ip, host) = (null, "");
        var match = Destination().Match(text ?? "");
        if (!match.Success || int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture) is < 1 or > 65_535)
            return false;
        host = match.Groups["host"].Value;
        if (Numeric().IsMatch(host))
            return TryReadIp(host, out ip);
        return Uri.CheckHostName(host) == UriHostNameType.Dns && host.Contains('.', StringComparison.Ordinal);
    }

    /// <summary>Reads <c>ip/mask</c>; a mask that is left out is 32.</summary>
    public static bool TryReadAcl(string? text, out IPNetwork network)
    {
        network = default;
        var parts = (text ?? "").Split('/');
        if (parts.Length > 2 || !TryReadIp(parts[0], out var ip))
            return false;
        var mask = 32;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out mask) || mask is < 8 or > 32))
            return false;
        // The network that the address lies in, whichever of its addresses was written.
        var bytes = ip!.GetAddressBytes();
        for (var bit = mask; bit < 32; bit++)
            bytes[bit / 8] &= (byte)~(1 << (7 - (bit % 8)));
        network = new IPNetwork(new IPAddress(bytes), mask);
        return true;
    }

    // Only in the one form that all read alike: 010.0.0.1 is 8.0.0.1 to some and 10.0.0.1 to others.
    private static bool TryReadIp(string text, out IPAddress? ip) =>
        IPAddress.TryParse(text, out ip) && ip.AddressFamily == AddressFamily.InterNetwork && ip.ToString() == text;

    [GeneratedRegex(@"^(?<host>[A-Za-z0-9][A-Za-z0-9.-]*):(?<port>[0-9]{1,5});transport=(tls|tcp)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Destination();

    [GeneratedRegex(@"^[0-9.]+\z")]
    private static partial Regex Numeric();
}
