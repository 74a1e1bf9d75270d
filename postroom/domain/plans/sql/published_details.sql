-- What a location's page says of it, with its photos in order.
SELECT location.time_zone, location.latitude, location.longitude, location.hours::json AS hours,
       location.description, location.phone, location.features,
       (SELECT coalesce(json_agg(json_build_object(
                   'id', photo.id, 'alt', photo.alt, 'width', photo.width,
                   'height', photo.height) ORDER BY photo.position, photo.id), '[]')
          FROM published.photos AS photo
         WHERE photo.operator_id = location.operator_id AND photo.location_id = location.id
       ) AS photos
  FROM published.locations AS location
 WHERE location.operator_id = %(operator)s AND location.id = %(location)s
