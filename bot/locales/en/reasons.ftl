# One sentence for each reason code of the recommender. True by construction: every fact comes with the code.

reason-goes-with = { $count } buyers of this also bought { $title }
reason-has-wish = { $value }, as you asked
reason-in-season = { $occasion ->
    [back-to-school] Right for going back to school
    [black-friday] Right for Black Friday
    [childrens-day] Right for Children’s Day
    [christmas] Right for Christmas
    [dragon-boat] Right for the Dragon Boat Festival
    [easter] Right for Easter
    [fathers-day] Right for Father’s Day
    [halloween] Right for Halloween
    [mid-autumn] Right for the Mid-Autumn Festival
    [mid-year-sale] Right for the 618 sale
    [mothers-day] Right for Mother’s Day
    [new-year] Right for the New Year
    [qixi] Right for Qixi
    [singles-day] Right for Singles’ Day
    [spring-festival] Right for the Spring Festival
    [teachers-day] Right for Teachers’ Day
    [thanksgiving] Right for Thanksgiving
    [valentines] Right for Valentine’s Day
    [womens-day] Right for Women’s Day
   *[other] Right for this season
}
reason-in-stock = In stock now
reason-like-product = Similar to { $title }
reason-like-session = Close to what you liked today
reason-likes-brand = From { $value }, a brand you liked
reason-likes-category = A kind you liked: { $value }
reason-likes-color = In { $value }, a colour you liked
reason-likes-material = { $value }, a material you liked
reason-looks-alike = Looks like your photo
reason-matches-meaning = Fits what you describe
reason-matches-words = Matches “{ $words }”
reason-new = New in the shop
reason-popular = Popular with other shoppers
reason-sponsored = Sponsored
reason-trending = { $kind ->
    [order] Bought { $count } times in the last { $days } days
    [cart] Put into { $count } carts in the last { $days } days
   *[view] Looked at { $count } times in the last { $days } days
}
reason-well-rated = { NUMBER($rating, minimumFractionDigits: 1, maximumFractionDigits: 1) } stars from { $count ->
    [one] { $count } buyer
   *[other] { $count } buyers
}
reason-within-budget = { $price }, within { $limit }
