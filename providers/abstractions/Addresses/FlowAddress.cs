using System.Text.RegularExpressions;

namespace Outdial.Providers;

/// <summary>How a flow of the provider is named: by its id, or by its address.</summary>
public static partial class FlowAddress
{
    /// <summary>In words that finish "expected …".</summary>
    public const string Expected =
        "the provider's id of a flow, such as 926, or the flow's http or https address at a public host, without blanks and without user name";

    public static bool IsGood(string flow, bool allowPrivate) =>
        Id().IsMatch(flow) || HttpAddress.Fault(flow, allowPrivate, isBase: false) is null;

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+@-]{0,199}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
