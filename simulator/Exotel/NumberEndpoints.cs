using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary><c>GET …/Numbers/{number}[.json]</c>: circle, operator, type and DND of an Indian number.</summary>
public static class NumberEndpoints
{
    public static void MapNumbers(this IEndpointRouteBuilder account) =>
        account.MapGet("/Numbers/{number}", Find).RequireBudget(ApiFamily.Numbers);

    private static async Task<IResult> Find(
        HttpContext http, string number, NumberDirectory numbers, FaultPlan faults, LookupCounter lookups, IOptions<SimulatorOptions> options)
    {
        if (!PhoneNumbers.TryRead(CallDetailsEndpoints.WithoutExtension(number), out var e164) || numbers.Find(e164) is not { } entry)
            return RestException.Of(http, StatusCodes.Status404NotFound, RestException.NotFound);
        var occasion = lookups.Next(e164);
        if (numbers.FixedBehaviour(e164) is { LookupStatus: { } status })
        {
            if (status == 0)
            {
                await ConnectEndpoint.Hang(http, options.Value.HungReply);
                return Results.Empty;
            }
            return RestException.Of(http, status, status == StatusCodes.Status404NotFound ? RestException.NotFound : RestException.Internal);
        }
        if (faults.Strikes(Fault.LookupError, e164, occasion, "number"))
        {
            faults.Count(Fault.LookupError);
            return RestException.Of(http, StatusCodes.Status500InternalServerError, RestException.Internal);
        }
        return new ExotelResult(new JsonObject
        {
            ["Numbers"] = new JsonObject
            {
                ["PhoneNumber"] = PhoneNumbers.Display(e164),
                ["Circle"] = entry.Circle,
                ["CircleName"] = entry.CircleName,
                ["Type"] = entry.Type,
                ["Operator"] = entry.Operator,
                ["OperatorName"] = entry.OperatorName,
                ["DND"] = entry.Dnd,
            },
        });
    }
}

/// <summary>How often each number was looked up: the summary shows whether a client asks twice.</summary>
public sealed class LookupCounter
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = [];

    public int Next(string number)
    {
        lock (_gate)
            return _counts[number] = _counts.GetValueOrDefault(number) + 1;
    }

    /// <summary>Numbers looked up, and the most look-ups of one number.</summary>
    public (int Numbers, int MostOfOne) Totals
    {
        get { lock (_gate) return (_counts.Count, _counts.Count == 0 ? 0 : _counts.Values.Max()); }
    }

    public void Reset()
    {
        lock (_gate)
            _counts.Clear();
    }
}
