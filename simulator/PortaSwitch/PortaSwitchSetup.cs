using System.ComponentModel.DataAnnotations;

namespace Outdial.Simulator.PortaSwitch;

/// <summary>The PortaSwitch dialect: another provider's API before the same people.</summary>
public static class PortaSwitchSetup
{
    public static IServiceCollection AddPortaSwitch(this IServiceCollection services)
    {
        services.AddOptions<PortaSwitchOptions>().BindConfiguration("Simulator:PortaSwitch").ValidateDataAnnotations()
            .Validate(o => o.TokenLife > TimeSpan.Zero && o.RefreshLife > TimeSpan.Zero, "Simulator:PortaSwitch:TokenLife and RefreshLife must be longer than nothing.")
            .Validate(o => Problem(o.Agents) is null, "Simulator:PortaSwitch:Agents is out of range; see docs/simulator.md.")
            .ValidateOnStart();
        services.AddSingleton<Sessions>().AddSingleton<EventCourier>().AddSingleton<CallQueue>().AddSingleton<Exchange>().AddSingleton<ListCounter>();
        return services;
    }

    public static void MapPortaSwitch(this IEndpointRouteBuilder app)
    {
        var rest = app.MapGroup("/rest");
        rest.MapSessions();
        rest.MapCallControl();

        var control = app.MapGroup("/simulator/portaswitch");
        control.MapGet("/agents", (CallQueue queue) => TypedResults.Ok(new { staffing = queue.Staffing, floor = queue.View() }));
        control.MapPut("/agents", PutAgents);
        control.MapDelete("/sessions", (Sessions sessions) =>
        {
            sessions.EndAll();
            return TypedResults.NoContent();
        });
    }

    /// <summary>What is absent stays as it is.</summary>
    public sealed record StaffingChange(int? Count, int? AnswerSeconds, double? Declines, int? WrapUpSeconds, int? DeclinePauseSeconds);

    private static IResult PutAgents(StaffingChange change, CallQueue queue)
    {
        var now = queue.Staffing;
        var staffing = new Staffing
        {
            Count = change.Count ?? now.Count,
            AnswerSeconds = change.AnswerSeconds ?? now.AnswerSeconds,
            Declines = change.Declines ?? now.Declines,
            WrapUpSeconds = change.WrapUpSeconds ?? now.WrapUpSeconds,
            DeclinePauseSeconds = change.DeclinePauseSeconds ?? now.DeclinePauseSeconds,
        };
        if (Problem(staffing) is { } problem)
            return TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
        queue.Staff(staffing);
        return TypedResults.Ok(new { staffing, floor = queue.View() });
    }

    private static string? Problem(Staffing staffing)
    {
        var problems = new List<ValidationResult>();
        return Validator.TryValidateObject(staffing, new ValidationContext(staffing), problems, validateAllProperties: true)
            ? null
            : string.Join(' ', problems.Select(p => p.ErrorMessage));
    }
}
