using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.RegularExpressions;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Trunks;

/// <summary>A trunk as a person configures it.</summary>
internal sealed partial record TrunkRequest
{
    private const int MostAddresses = 100;

    /// <summary>The provider's id of the trunk.</summary>
    [StringLength(100)]
    public string? Sid { get; init; }

    /// <summary><c>outbound</c>, <c>inbound</c> or <c>bidirectional</c>.</summary>
    [Required, OneOf(typeof(Directions))]
    public string? Direction { get; init; }

    /// <summary>The addresses from which its calls come, as networks (203.0.113.5/32), at most 100; left out: none.</summary>
    [MaxLength(MostAddresses)]
    public List<string>? Acl { get; init; }

    /// <summary>Where its calls go, with port and transport, at most 100.</summary>
    [Required, MaxLength(MostAddresses)]
    public List<string>? DestinationUris { get; init; }

    /// <summary>Name of a configured provider account; left out: <c>default</c>.</summary>
    public string? Account { get; init; }

    /// <summary>All that is wrong, field by field; empty when nothing is.</summary>
    /// <param name="allowPrivate">As <see cref="RouterOptions.AllowPrivateDestinations"/>.</param>
    internal List<FieldProblem> Check(string name, AccountSettings accounts, bool allowPrivate) =>
    [
        .. accounts.Find(Account ?? "default") is null
            ? [new("account", Account ?? "default", $"a configured provider account: {string.Join(", ", accounts.All.Select(a => a.Name))}")]
            : Array.Empty<FieldProblem>(),
        .. TooLong(),
        .. Check(name, Sid, Direction, [.. (Acl ?? []).Take(MostAddresses)], [.. (DestinationUris ?? []).Take(MostAddresses)]),
        .. allowPrivate ? [] : PrivateAddresses([.. (Acl ?? []).Take(MostAddresses)], [.. (DestinationUris ?? []).Take(MostAddresses)]),
    ];

    private IEnumerable<FieldProblem> TooLong()
    {
        if (Sid is { Length: > 100 })
            yield return new("sid", $"{Sid.Length} characters", "at most 100 characters");
        if (Acl is { Count: > MostAddresses })
            yield return new("acl", $"{Acl.Count} addresses", $"at most {MostAddresses} addresses");
        if (DestinationUris is { Count: > MostAddresses })
            yield return new("destinationUris", $"{DestinationUris.Count} addresses", $"at most {MostAddresses} addresses");
    }

    /// <summary>The provider's rules for trunks.</summary>
    internal static IEnumerable<FieldProblem> Check(
        string name, string? sid, string? direction, IReadOnlyList<string> acl, IReadOnlyList<string> destinations)
    {
        if (!Name().IsMatch(name))
            yield return new("name", name, "1 to 16 letters, digits and underscores");
        if (direction is null || !Directions.All.Contains(direction))
        {
            yield return new("direction", direction, $"one of {string.Join(", ", Directions.All)}");
            yield break;
        }
        if (Directions.TakesInbound(direction) && string.IsNullOrWhiteSpace(sid))
            yield return new("sid", sid, "the provider's id of the trunk, because the Connect applet of the flow dials sip:<trunk sid>");
        if (Directions.TakesOutbound(direction) && acl.Count == 0)
            yield return new("acl", null, "the addresses that your SIP system sends from, as ip/mask: calls from an address that is not listed are refused");
        if (destinations.Count == 0)
            yield return new("destinationUris", null, "at least one address of your SIP system, as <ip_or_fqdn>:<port>;transport=<tls|tcp>: it is mandatory for every trunk");

        var networks = new List<IPNetwork>();
        foreach (var entry in acl)
        {
            if (SipAddress.TryReadAcl(entry, out var network))
                networks.Add(network);
            else
                yield return new("acl", entry, "an IPv4 address with a mask of 8 to 32, such as 203.0.113.7/32");
        }
        foreach (var destination in destinations)
        {
            if (!SipAddress.TryReadDestination(destination, out var ip))
                yield return new("destinationUris", destination, "<ip_or_fqdn>:<port>;transport=<tls|tcp>, such as sip.example.org:5061;transport=tls");
            else if (ip is not null && !networks.Exists(network => network.Contains(ip)))
                yield return new("destinationUris", destination, $"an address that is in the ACL: add {ip}/32 to acl, or use a host name, which need not be listed");
        }
    }

    /// <summary>Addresses at which the provider cannot be meant to find us.</summary>
    internal static IEnumerable<FieldProblem> PrivateAddresses(IReadOnlyList<string> acl, IReadOnlyList<string> destinations)
    {
        const string expected = "of the public network, because the provider reaches no other (Router:AllowPrivateDestinations = true allows it)";
        foreach (var entry in acl)
        {
            if (SipAddress.TryReadAcl(entry, out var network) && NetworkHost.IsPrivate(network))
                yield return new("acl", entry, $"addresses {expected}");
        }
        foreach (var destination in destinations)
        {
            if (SipAddress.TryReadDestination(destination, out _, out var host) && NetworkHost.IsPrivate(host))
                yield return new("destinationUris", destination, $"an address {expected}");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_]{1,16}\\z")]
    private static partial Regex Name();
}
