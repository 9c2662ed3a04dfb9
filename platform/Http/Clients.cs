using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Outdial.Platform;

/// <summary>By what those who ask are told apart where they are counted.</summary>
public static class Clients
{
    /// <summary>The key's name; without a good key the address.</summary>
    public static string Of(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true, Name: { } name } ? "key:" + name : AddressOf(context);

    /// <summary>The address that a request came from; of IPv6 the network of 64 bits, of which one household has all.</summary>
    public static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
