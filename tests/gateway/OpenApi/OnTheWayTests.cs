using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Outdial.Gateway.Forwarding;
using Outdial.Gateway.OpenApi;
using Outdial.Gateway.Routing;
using Outdial.Platform;
using Yarp.ReverseProxy.Forwarder;

namespace Outdial.Gateway.Tests.OpenApi;

public sealed class OnTheWayTests
{
    private static readonly ApiRoute s_api = new("pacer", "POST", "things", ApiPolicies.Operate);

    public static TheoryData<LaneKind, ForwarderError, int?> Failures()
    {
        var all = new TheoryData<LaneKind, ForwarderError, int?>();
        foreach (var lane in new[] { LaneKind.Api, LaneKind.Upload, LaneKind.Stream })
        {
            foreach (var error in Enum.GetValues<ForwarderError>())
            {
                if (lane != LaneKind.Stream || error != ForwarderError.RequestTimedOut)   // a stream may be silent
                    all.Add(lane, error, null);
            }
            foreach (var status in new[] { 400, 408, 413 })
                all.Add(lane, ForwarderError.RequestBodyClient, status);
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void What_a_sender_is_told_when_no_service_answers_is_described(LaneKind kind, ForwarderError error, int? refusal)
    {
        // What every service describes of an operation with a body.
        var operation = JsonNode.Parse("""{"requestBody":{},"responses":{"200":{},"400":{},"413":{},"429":{},"503":{}}}""")!.AsObject();
        var cause = refusal is { } status ? new AggregateException(new BadHttpRequestException("no", status)) : null;

        OnTheWay.Describe(operation, s_api with { Lane = kind });
        var told = Failure.Explain(new("pacer", kind), Lane.Of(kind, new()), new Failed(error, cause), late: false);

        Assert.Contains($"{told.StatusCode}", operation["responses"]!.AsObject().Select(answer => answer.Key));
    }

    [Fact]
    public void Answers_are_in_order_and_what_a_service_says_by_itself_stays()
    {
        var operation = JsonNode.Parse("""{"responses":{"200":{},"502":{"description":"The provider could not be asked."},"503":{}}}""")!.AsObject();

        OnTheWay.Describe(operation, s_api);

        Assert.Equal(["200", "502", "503", "504"], operation["responses"]!.AsObject().Select(answer => answer.Key));
        Assert.Equal("The provider could not be asked.", $"{operation["responses"]!["502"]!["description"]}");
    }

    private sealed record Failed(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;
}
