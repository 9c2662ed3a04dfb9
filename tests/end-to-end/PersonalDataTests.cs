using Outdial.EndToEnd.Tests.Rigs;

namespace Outdial.EndToEnd.Tests;

/// <summary>A search that finds nothing proves nothing unless it would find something.</summary>
public class PersonalDataTests
{
    private static readonly PersonalData People = new(["+919812345678"]);

    [Theory]
    [InlineData("calling +919812345678 now")]
    [InlineData("From=09812345678&To=1")]
    [InlineData("GET /v1/Accounts/x/Numbers/%2B919812345678.json")]
    [InlineData("9812345678")]
    [InlineData("id-00919812345678-7")]
    public void A_number_is_found_in_whatever_form_it_is_written(string text) => Assert.NotEmpty(People.FoundIn(text));

    [Theory]
    [InlineData("calling +91••••••5678 now")]
    [InlineData("+919812345679")]
    [InlineData("0198c2f1-1234-7678-9812-345678901234")]
    public void A_masked_number_and_other_digits_are_not(string text) => Assert.Empty(People.FoundIn(text));
}
